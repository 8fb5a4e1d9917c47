package org.millwright.scoring.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import org.millwright.scoring.signing.Dsse;
import org.millwright.scoring.signing.Signer;
import org.millwright.scoring.signing.TrustedKey;
import org.millwright.scoring.signing.Untrusted;

/**
 * Which version a model's name means, signed by who keeps the model: a small statement beside the bundle's archive, so that
 * the archive may lie anywhere.
 *
 * @param name the alias or number that was asked for
 * @param archive hex SHA-256 of the bundle's archive
 * @param issued when it was signed
 * @param validUntil when the version's certificate expires; empty when it does not
 */
public record Pointer(
        String model, String version, String name, String archive, Instant issued, Optional<Instant> validUntil) {
    private static final String STATEMENT = "https://in-toto.io/Statement/v1";
    private static final String TYPE = "https://millwright.org/pointer/v1";
    private static final ObjectMapper JSON = new ObjectMapper();

    public Pointer {
        if (!archive.matches("[0-9a-f]{64}")) {
            throw new Untrusted("the pointer names no archive");
        }
    }

    /** Signs it: the text of a Sigstore bundle. */
    public String sign(Signer key) {
        ObjectNode statement = JSON.createObjectNode().put("_type", STATEMENT);
        statement
                .putArray("subject")
                .addObject()
                .put("name", "model:" + model + "/" + version)
                .putObject("digest")
                .put("sha256", archive);
        statement.put("predicateType", TYPE);
        ObjectNode predicate = statement.putObject("predicate").put("model", model);
        predicate.put("version", version).put("name", name).put("issued", issued.toString());
        validUntil.ifPresent(until -> predicate.put("validUntil", until.toString()));
        return Dsse.sign(statement.toString().getBytes(StandardCharsets.UTF_8), key)
                .toString();
    }

    /**
     * Reads one that is to be believed.
     *
     * @throws Untrusted when it is none, or not signed by one of the keys
     */
    public static Pointer verify(String text, Collection<TrustedKey> keys) {
        return of(new String(Dsse.verify(tree(text), keys).payload(), StandardCharsets.UTF_8));
    }

    /** Reads one that is not to be believed yet: what to fetch, which is verified then. */
    public static Pointer peek(String text) {
        String payload = tree(text).path("dsseEnvelope").path("payload").asText();
        try {
            return of(new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new Untrusted("the pointer is not base64", e);
        }
    }

    private static Pointer of(String payload) {
        JsonNode statement = tree(payload);
        if (!statement.path("predicateType").asText().equals(TYPE)) {
            throw new Untrusted("what was signed is no pointer to a model version");
        }
        JsonNode predicate = statement.path("predicate");
        return new Pointer(
                predicate.path("model").asText(),
                predicate.path("version").asText(),
                predicate.path("name").asText(),
                statement.path("subject").path(0).path("digest").path("sha256").asText(),
                time(predicate.path("issued").asText()),
                predicate.has("validUntil")
                        ? Optional.of(time(predicate.path("validUntil").asText()))
                        : Optional.empty());
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new Untrusted("the pointer has a time that is none", e);
        }
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new Untrusted("the pointer is not JSON", e);
        }
    }
}
