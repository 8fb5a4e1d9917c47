package org.millwright.scoring.sigstore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.millwright.scoring.signing.TrustedKey;

/** Fulcio, Rekor and an issuer of identity tokens, as one server on this machine with keys of its own. */
public final class SigstoreDouble implements AutoCloseable {
    public static final String ISSUER = "https://issuer.example";
    public static final String GITHUB_SECRET = "of-this-job";
    private static final String GOOD = "sigstore";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final TestAuthority authority = new TestAuthority();
    private final TestLog log = new TestLog();
    private final KeyPair tokens = TestAuthority.pair();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Lie lie = Lie.NONE;
    private volatile Instant now;
    private volatile Instant certified;

    /** @param now what its clocks say */
    public SigstoreDouble(Instant now) {
        this.now = now;
        this.certified = now;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Everything that was asked: method, path and body. */
    public List<String> asked() {
        return asked;
    }

    public void misbehave(Lie how) {
        lie = how;
    }

    /** Lets certificates begin at another time than the log's clock says. */
    public void certifyAt(Instant at) {
        certified = at;
    }

    public void logAt(Instant at) {
        now = at;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(body, StandardCharsets.UTF_8));
            switch (lie) {
                case NEVER_ENDS -> neverEnd(exchange);
                case TOO_LARGE -> write(exchange, 201, "[\"" + "x".repeat(1 << 20) + "\"]");
                case NO_JSON -> write(exchange, 201, "<html>");
                case UNAVAILABLE -> write(exchange, 503, "{\"code\":503,\"message\":\"being mended\"}");
                default -> write(exchange, 201, answer(exchange, path, body).toString());
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            write(
                    exchange,
                    400,
                    JSON.createObjectNode().put("message", e.getMessage()).toString());
        } finally {
            exchange.close();
        }
    }

    private JsonNode answer(HttpExchange exchange, String path, byte[] body)
            throws IOException, GeneralSecurityException {
        if (path.equals("/api/v1/log/entries")) {
            return log.enter(JSON.readTree(body), now, lie);
        }
        if (path.equals("/api/v2/signingCert")) {
            return certificate(JSON.readTree(body));
        }
        boolean known =
                ("bearer " + GITHUB_SECRET).equals(exchange.getRequestHeaders().getFirst("Authorization"))
                        && exchange.getRequestURI().getQuery().contains("audience=" + GOOD);
        if (!path.equals("/github-token") || !known) {
            throw new GeneralSecurityException("nobody asked in a way that is known: " + path);
        }
        return JSON.createObjectNode()
                .put("value", token("https://github.com/o/r/.github/workflows/w.yml@refs/heads/main"));
    }

    private void neverEnd(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(201, 0);
        exchange.getResponseBody().write('{');
        exchange.getResponseBody().flush();
        try {
            // Until the client gives up and the test ends.
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private ObjectNode certificate(JsonNode request) throws GeneralSecurityException {
        JsonNode claims =
                verified(request.path("credentials").path("oidcIdentityToken").asText());
        boolean mail = claims.path("email_verified").asBoolean();
        String subject = claims.path(mail ? "email" : "sub").asText();
        JsonNode asked = request.path("publicKeyRequest");
        PublicKey key = TrustedKey.fromPem(
                        asked.path("publicKey").path("content").asText())
                .publicKey();
        var proof = Signature.getInstance("SHA256withECDSA");
        proof.initVerify(key);
        proof.update(subject.getBytes(StandardCharsets.UTF_8));
        if (!proof.verify(
                Base64.getDecoder().decode(asked.path("proofOfPossession").asText()))) {
            throw new GeneralSecurityException("the proof of possession does not verify");
        }
        ObjectNode answer = JSON.createObjectNode();
        var chain = answer.putObject("signedCertificateEmbeddedSct")
                .putObject("chain")
                .putArray("certificates");
        chain.add(pem(
                "CERTIFICATE", authority.issue(key, subject, claims.path("iss").asText(), certified)));
        authority.chain().forEach(each -> chain.add(pem("CERTIFICATE", each)));
        return answer;
    }

    private JsonNode verified(String token) throws GeneralSecurityException {
        String[] parts = token.split("\\.");
        var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
        verifier.initVerify(tokens.getPublic());
        verifier.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        if (!verifier.verify(Base64.getUrlDecoder().decode(parts[2]))) {
            throw new GeneralSecurityException("the identity token is not by its issuer");
        }
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** A token for that e-mail address or URI, for an hour, for Sigstore. */
    public String token(String identity) {
        return token(identity, GOOD, now.plusSeconds(3600));
    }

    public String token(String identity, String audience, Instant end) {
        ObjectNode claims = JSON.createObjectNode().put("iss", ISSUER).put("aud", audience);
        claims.put("iat", now.getEpochSecond()).put("exp", end.getEpochSecond());
        claims.put("sub", identity.contains("://") ? identity : "subject-1");
        if (!identity.contains("://")) {
            claims.put("email", identity).put("email_verified", true);
        }
        var encoder = Base64.getUrlEncoder().withoutPadding();
        String head = encoder.encodeToString("{\"alg\":\"ES256\"}".getBytes(StandardCharsets.US_ASCII)) + "."
                + encoder.encodeToString(claims.toString().getBytes(StandardCharsets.UTF_8));
        try {
            var signer = Signature.getInstance("SHA256withECDSAinP1363Format");
            signer.initSign(tokens.getPrivate());
            signer.update(head.getBytes(StandardCharsets.US_ASCII));
            return head + "." + encoder.encodeToString(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes trusted_root.json. */
    public Path trustedRoot(Path file) {
        return write(file, trustedRoot());
    }

    /** Writes a client's trust configuration, which also says where the services are. */
    public Path trustConfig(Path file) {
        ObjectNode json =
                JSON.createObjectNode().put("mediaType", "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json");
        json.set("trustedRoot", trustedRoot());
        ObjectNode services = json.putObject("signingConfig")
                .put("mediaType", "application/vnd.dev.sigstore.signingconfig.v0.2+json");
        for (String kind : List.of("caUrls", "oidcUrls", "rekorTlogUrls")) {
            ObjectNode service = services.putArray(kind).addObject().put("url", url());
            service.put("majorApiVersion", 1).put("operator", "test");
            service.putObject("validFor").put("start", "2020-01-01T00:00:00Z");
        }
        services.putObject("rekorTlogConfig").put("selector", "ANY");
        services.putObject("tsaConfig").put("selector", "ANY");
        return write(file, json);
    }

    /** Writes the log's public key. */
    public Path logKey(Path file) {
        try {
            return Files.writeString(file, pem("PUBLIC KEY", log.key.getPublic().getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectNode trustedRoot() {
        ObjectNode root =
                JSON.createObjectNode().put("mediaType", "application/vnd.dev.sigstore.trustedroot+json;version=0.1");
        root.putArray("tlogs").add(instance(log.key));
        ObjectNode issuer = root.putArray("certificateAuthorities").addObject();
        issuer.putObject("subject").put("organization", "test").put("commonName", "test");
        issuer.put("uri", url());
        var chain = issuer.putObject("certChain").putArray("certificates");
        authority
                .chain()
                .forEach(each ->
                        chain.addObject().put("rawBytes", Base64.getEncoder().encodeToString(each)));
        issuer.putObject("validFor").put("start", "2020-01-01T00:00:00Z");
        root.putArray("ctlogs").add(instance(authority.timestamps));
        return root;
    }

    private ObjectNode instance(KeyPair pair) {
        byte[] der = pair.getPublic().getEncoded();
        ObjectNode instance = JSON.createObjectNode().put("baseUrl", url()).put("hashAlgorithm", "SHA2_256");
        ObjectNode key = instance.putObject("publicKey")
                .put("rawBytes", Base64.getEncoder().encodeToString(der));
        key.put("keyDetails", "PKIX_ECDSA_P256_SHA_256").putObject("validFor").put("start", "2020-01-01T00:00:00Z");
        instance.putObject("logId").put("keyId", Base64.getEncoder().encodeToString(LogKey.sha256(der)));
        return instance;
    }

    private static Path write(Path file, JsonNode json) {
        try {
            return Files.write(file, JSON.writeValueAsBytes(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
