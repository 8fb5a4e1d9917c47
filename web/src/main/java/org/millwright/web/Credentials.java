package org.millwright.web;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.identity.Authenticator;
import org.millwright.kernel.Problem;

/** What a caller shows under {@code Authorization}, in every protocol. */
public final class Credentials {
    private static final String BEARER = "Bearer ";

    private Credentials() {}

    /** Whose token or name and password they are; {@link Problem.Unauthenticated} when nobody's. */
    public static Actor actor(Authenticator users, String header) {
        Optional<String> token = token(header);
        if (token.isPresent()) {
            return users.byToken(token.get());
        }
        if (header.regionMatches(true, 0, "Basic ", 0, 6)) {
            try {
                String pair = new String(
                        Base64.getDecoder().decode(header.substring(6).trim()), StandardCharsets.UTF_8);
                int colon = pair.indexOf(':');
                if (colon > 0) {
                    return users.byPassword(pair.substring(0, colon), pair.substring(colon + 1));
                }
            } catch (IllegalArgumentException e) {
                throw new Problem.Unauthenticated("The Basic credentials are not base64");
            }
        }
        throw new Problem.Unauthenticated("Unknown authorization scheme (expected: Bearer or Basic)");
    }

    /** The token that is shown alone, if that is so. */
    public static Optional<String> token(String header) {
        return header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(header.substring(BEARER.length()).trim())
                : Optional.empty();
    }

    /** None were shown, and they are needed. */
    public static Problem.Unauthenticated missing() {
        return new Problem.Unauthenticated("You are not authenticated.");
    }
}
