package org.millwright.egress;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A text as one part of an address's path or query. */
public final class UrlPart {
    private UrlPart() {}

    public static String of(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
