package org.millwright.web.ui;

import io.helidon.webserver.http.ServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;
import org.millwright.web.Http;

/** Forms that a page of ours sent, told by a token that only such a page holds; good until the server restarts. */
public final class Forms {
    static final String TOKEN = "token";
    private static final int LIMIT = 64 * 1024;
    private static final String MAC = "HmacSHA256";

    private final SecretKeySpec key;

    public Forms() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        key = new SecretKeySpec(secret, MAC);
    }

    /** What a form for this actor must carry in its field {@code token}. */
    public String token(Actor actor) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(actor.id().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The fields of a form that carries the actor's token. */
    Map<String, String> read(ServerRequest request, Actor actor) {
        Map<String, String> fields = fields(request);
        if (!fits(fields, actor)) {
            throw new Problem.Conflict(
                    "This form is out of date: nothing was changed", "Go back, reload the page, and send it again.");
        }
        return fields;
    }

    /** Whether the fields came from a form of the actor's, opened since the server started. */
    boolean fits(Map<String, String> fields, Actor actor) {
        byte[] sent = fields.getOrDefault(TOKEN, "").getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(sent, token(actor).getBytes(StandardCharsets.UTF_8));
    }

    /** The fields of any form. */
    static Map<String, String> fields(ServerRequest request) {
        String body = new String(Http.body(request, LIMIT), StandardCharsets.UTF_8);
        var fields = new HashMap<String, String>();
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid("The form is not encoded as application/x-www-form-urlencoded");
        }
    }
}
