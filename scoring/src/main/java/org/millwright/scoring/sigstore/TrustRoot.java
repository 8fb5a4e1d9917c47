package org.millwright.scoring.sigstore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.millwright.scoring.InvalidInput;

/**
 * Whose word is taken: keys of transparency logs, authorities that issue certificates, and keys of the logs of certificates.
 *
 * @param logs keys of transparency logs such as Rekor
 * @param authorities chains of authorities such as Fulcio, the issuer first, the root last
 * @param certificateLogs keys of logs of certificates (RFC 6962); when there are some, a certificate must prove that it is in one
 * @param services addresses that a client's configuration names; empty in a plain trusted root
 */
public record TrustRoot(
        List<LogKey> logs, List<Authority> authorities, List<LogKey> certificateLogs, Services services) {
    private static final long MOST_BYTES = 4L << 20;
    private static final int MOST_PARTS = 256;
    private static final String ROOT = "application/vnd.dev.sigstore.trustedroot+json;version=0.1";
    private static final String ROOT_2 = "application/vnd.dev.sigstore.trustedroot.v0.2+json";
    private static final String CONFIGURATION = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json";
    private static final String PEM = "-----BEGIN PUBLIC KEY-----";
    private static final ObjectMapper JSON = new ObjectMapper();

    public TrustRoot {
        logs = List.copyOf(logs);
        authorities = List.copyOf(authorities);
        certificateLogs = List.copyOf(certificateLogs);
    }

    /** An authority's certificates, the issuer first, the root last, and when it issued. */
    record Authority(List<X509Certificate> chain, LogKey.Period period) {}

    /** Where certificates and log entries are to be had, as a client's configuration says. */
    public record Services(Optional<String> authority, Optional<String> log) {
        static final Services NONE = new Services(Optional.empty(), Optional.empty());
    }

    /**
     * Reads {@code trusted_root.json}, a client's trust configuration that holds one, or a log's public key as PEM.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    public static TrustRoot read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IllegalArgumentException("the trusted root " + file + " is above " + MOST_BYTES + " bytes");
        }
        try {
            return parse(Files.readString(file));
        } catch (IllegalArgumentException | DateTimeException | CertificateException e) {
            throw new IllegalArgumentException(
                    "the trusted root " + file + " cannot be read: " + e.getMessage()
                            + " (expected: trusted_root.json, a client's trust configuration or a log's public key as PEM)",
                    e);
        }
    }

    private static TrustRoot parse(String text) throws CertificateException {
        if (text.strip().startsWith(PEM)) {
            String body = text.replaceAll("-----[A-Z ]+-----|\\s", "");
            LogKey key = LogKey.of(Base64.getDecoder().decode(body), LogKey.Period.ALWAYS);
            return new TrustRoot(List.of(key), List.of(), List.of(), Services.NONE);
        }
        JsonNode json = json(text);
        boolean configuration = json.path("mediaType").asText().equals(CONFIGURATION);
        JsonNode root = configuration ? json.path("trustedRoot") : json;
        String type = root.path("mediaType").asText();
        if (!type.equals(ROOT) && !type.equals(ROOT_2)) {
            throw new IllegalArgumentException("mediaType is '" + InvalidInput.shorten(type) + "'");
        }
        return new TrustRoot(
                keys(root.path("tlogs")),
                authorities(root.path("certificateAuthorities")),
                keys(root.path("ctlogs")),
                configuration ? services(json.path("signingConfig")) : Services.NONE);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static List<LogKey> keys(JsonNode logs) {
        var keys = new ArrayList<LogKey>();
        for (JsonNode log : few(logs)) {
            JsonNode key = log.path("publicKey");
            keys.add(LogKey.of(bytes(key.path("rawBytes")), period(key.path("validFor"))));
        }
        return keys;
    }

    private static List<Authority> authorities(JsonNode all) throws CertificateException {
        var authorities = new ArrayList<Authority>();
        for (JsonNode each : few(all)) {
            var chain = new ArrayList<X509Certificate>();
            for (JsonNode certificate : few(each.path("certChain").path("certificates"))) {
                chain.add(certificate(bytes(certificate.path("rawBytes"))));
            }
            if (chain.isEmpty()) {
                throw new IllegalArgumentException("a certificate authority has no certificate");
            }
            authorities.add(new Authority(List.copyOf(chain), period(each.path("validFor"))));
        }
        return authorities;
    }

    static X509Certificate certificate(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    /** Reads the first certificate of a PEM text. */
    public static X509Certificate certificate(String pem) throws CertificateException {
        return certificate(pem.getBytes(StandardCharsets.US_ASCII));
    }

    private static Services services(JsonNode configuration) {
        return new Services(
                firstOfVersion1(configuration.path("caUrls")), firstOfVersion1(configuration.path("rekorTlogUrls")));
    }

    private static Optional<String> firstOfVersion1(JsonNode services) {
        for (JsonNode service : services) {
            if (service.path("majorApiVersion").asInt() == 1) {
                return Optional.of(service.path("url").asText());
            }
        }
        return Optional.empty();
    }

    private static JsonNode few(JsonNode array) {
        if (array.size() > MOST_PARTS) {
            throw new IllegalArgumentException("a list has " + array.size() + " parts, at most " + MOST_PARTS);
        }
        return array;
    }

    private static byte[] bytes(JsonNode base64) {
        return Base64.getDecoder().decode(base64.asText());
    }

    private static LogKey.Period period(JsonNode validFor) {
        return new LogKey.Period(
                validFor.hasNonNull("start")
                        ? Instant.parse(validFor.path("start").asText())
                        : Instant.MIN,
                validFor.hasNonNull("end") ? Instant.parse(validFor.path("end").asText()) : Instant.MAX);
    }

    /** The key of the log with that id (hex). */
    Optional<LogKey> log(String id) {
        return logs.stream().filter(key -> key.id().equals(id)).findFirst();
    }
}
