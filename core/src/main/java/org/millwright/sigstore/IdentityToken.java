package org.millwright.sigstore;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/**
 * An OpenID Connect identity token as it was issued; who issued it is for the authority to check.
 *
 * @param text the token, which is secret
 * @param subject what the holder of a key signs to prove it: the verified e-mail address, else the subject
 */
public record IdentityToken(String text, String subject, String issuer) {
    private static final int LONGEST = 16 * 1024;

    /** Reads a token; refuses one that is none, is over, or is not meant for Sigstore. */
    static IdentityToken parse(String given, String where, Instant now) {
        String text = given.strip();
        JsonNode claims = claims(text, where);
        if (!claims.hasNonNull("sub") || !claims.hasNonNull("iss")) {
            throw new Problem.Invalid("The identity token of " + where + " names no subject or no issuer");
        }
        Instant end = Instant.ofEpochSecond(claims.path("exp").asLong());
        if (!now.isBefore(end)) {
            throw new Problem.Invalid(
                    "The identity token of " + where + " was valid until " + end, "Get a new one just before signing.");
        }
        boolean meant = false;
        for (JsonNode audience : audiences(claims.path("aud"))) {
            meant |= audience.asText().equals(IdentityTokens.AUDIENCE);
        }
        if (!meant) {
            throw new Problem.Invalid(
                    "The identity token of " + where + " is for '"
                            + claims.path("aud").asText() + "' (expected: the audience '" + IdentityTokens.AUDIENCE
                            + "')",
                    "Ask its issuer for one with aud=" + IdentityTokens.AUDIENCE);
        }
        boolean mail = claims.path("email").isTextual()
                && claims.path("email_verified").asBoolean();
        return new IdentityToken(
                text,
                claims.path(mail ? "email" : "sub").asText(),
                claims.path("iss").asText());
    }

    private static Iterable<JsonNode> audiences(JsonNode audience) {
        return audience.isArray() ? audience : Json.array().add(audience);
    }

    private static JsonNode claims(String text, String where) {
        String[] parts = text.split("\\.", -1);
        try {
            if (parts.length == 3 && text.length() <= LONGEST) {
                return Json.parse(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
            }
        } catch (IllegalArgumentException | Problem.Invalid e) {
            // said below, without the token
        }
        throw new Problem.Invalid("What " + where + " holds is no identity token (expected: a JSON Web Token)");
    }

    @Override
    public String toString() {
        return "token of " + subject + " by " + issuer;
    }
}
