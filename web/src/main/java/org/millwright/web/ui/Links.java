package org.millwright.web.ui;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The page of an asset reference such as {@code model:flight-delays/1}. */
public final class Links {
    private Links() {}

    /** The asset's own page, or what the ledger tells about it. */
    public static String of(String reference) {
        int part = reference.indexOf('#');
        if (part >= 0) {
            return of(reference.substring(0, part)) + reference.substring(part);
        }
        int colon = reference.indexOf(':');
        String kind = colon < 0 ? "" : reference.substring(0, colon);
        String name = reference.substring(colon + 1);
        return switch (kind) {
            case "project" -> "/projects/" + segment(name);
            case "run" -> "/runs/" + segment(name);
            case "deployment" -> "/deployments/" + segment(name);
            case "environment" -> "/environments/" + segment(name);
            case "dataset" -> "/data/" + segment(name);
            case "alert" -> "/alerts/" + segment(name);
            case "model" -> model(name);
            default -> "/ledger?about=" + segment(reference);
        };
    }

    private static String model(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 0
                ? "/models/" + segment(name)
                : "/models/" + segment(name.substring(0, slash)) + "/versions/" + segment(name.substring(slash + 1));
    }

    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
