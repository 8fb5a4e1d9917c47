package org.millwright.scoring.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.scoring.signing.Dsse;
import org.millwright.scoring.signing.SigningKey;
import org.millwright.scoring.signing.Untrusted;

/** What makes a bundle signed by an identity believable, each of it taken away. */
class KeylessBundleTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String WHO = "ana@example.org";
    private static final String ISSUER = SigstoreDouble.ISSUER;
    private static final byte[] STATEMENT =
            "{\"_type\":\"https://in-toto.io/Statement/v1\"}".getBytes(StandardCharsets.UTF_8);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final TestAuthority authority = new TestAuthority();
    private final TestLog log = new TestLog();
    private SigstoreDouble other;
    private TrustRoot root;

    @BeforeEach
    void trust() throws CertificateException {
        other = new SigstoreDouble(NOW);
        root = new TrustRoot(
                List.of(key(log.key.getPublic().getEncoded())),
                List.of(new TrustRoot.Authority(
                        List.of(
                                TrustRoot.certificate(authority.chain().get(0)),
                                TrustRoot.certificate(authority.chain().get(1))),
                        LogKey.Period.ALWAYS)),
                List.of(key(authority.timestamps.getPublic().getEncoded())),
                TrustRoot.Services.NONE);
    }

    @AfterEach
    void close() {
        other.close();
    }

    private static LogKey key(byte[] der) {
        return LogKey.of(der, LogKey.Period.ALWAYS);
    }

    @Test
    void whatAnIdentitySignedVerifiesOfflineAtEveryPlaceOfTheLog() throws Exception {
        for (int place = 0; place < 9; place++) {
            KeylessBundle.Verified verified = verify(bundle(NOW, NOW.plusSeconds(9), Lie.NONE), WHO, ISSUER);
            assertThat(verified.payload()).isEqualTo(STATEMENT);
            assertThat(verified.identity()).isEqualTo(WHO);
            assertThat(verified.at()).isEqualTo(NOW.plusSeconds(9));
            assertThat(verified.logIndex()).isEqualTo(place);
        }
    }

    @Test
    void someoneElseAnotherIssuerAnotherTimeAndNoEntryAreTold() throws Exception {
        ObjectNode good = bundle(NOW, NOW, Lie.NONE);
        refused(good, "bob@example.org", ISSUER).hasMessage("signed by ana@example.org, expected bob@example.org");
        refused(good, WHO, "https://evil.example")
                .hasMessage("the identity is vouched for by 'https://issuer.example', expected 'https://evil.example'");
        refused(bundle(NOW.minusSeconds(3600), NOW, Lie.NONE), WHO, ISSUER)
                .hasMessage("the certificate was valid from 2026-03-01T11:00:00Z to 2026-03-01T11:10:00Z, but the log's"
                        + " entry is of 2026-03-01T12:00:00Z");
        refused(bundle(NOW.plusSeconds(60), NOW, Lie.NONE), WHO, ISSUER).hasMessageContaining("was valid from");
        ((ArrayNode) good.at("/verificationMaterial/tlogEntries")).removeAll();
        refused(good, WHO, ISSUER)
                .hasMessage(
                        "the signature holds 0 entries of a transparency log, expected one: nothing proves when it was"
                                + " made");
    }

    @Test
    void aLogThatLiesIsNotBelieved() throws Exception {
        bundle(NOW, NOW, Lie.NONE);
        refused(bundle(NOW, NOW, Lie.FOREIGN_PROMISE), WHO, ISSUER).hasMessageContaining("signed entry timestamp");
        refused(bundle(NOW, NOW, Lie.FOREIGN_PROOF), WHO, ISSUER)
                .hasMessageContaining("proof does not lead from entry 2");
        refused(bundle(NOW, NOW, Lie.FOREIGN_CHECKPOINT), WHO, ISSUER)
                .hasMessageContaining("checkpoint is not signed by the log's key");
        refused(bundle(NOW, NOW, Lie.OTHER_TREE), WHO, ISSUER).hasMessageContaining("signs another tree");
        ObjectNode good = bundle(NOW, NOW, Lie.NONE);
        ((ObjectNode) good.at("/verificationMaterial/tlogEntries/0")).put("integratedTime", "1772366401");
        refused(good, WHO, ISSUER).hasMessageContaining("signed entry timestamp");
    }

    @Test
    void anEntryAboutAnotherSignatureIsOfNoUse() throws Exception {
        ObjectNode one = bundle(NOW, NOW, Lie.NONE);
        ObjectNode two = bundle(NOW, NOW, Lie.NONE);
        ((ObjectNode) one.path("verificationMaterial")).set("tlogEntries", two.at("/verificationMaterial/tlogEntries"));
        refused(one, WHO, ISSUER).hasMessage("the log's entry is about another signature");
        ((ObjectNode) two.path("dsseEnvelope"))
                .put("payload", Base64.getEncoder().encodeToString("{}".getBytes(StandardCharsets.UTF_8)));
        refused(two, WHO, ISSUER).hasMessageContaining("the file was altered");
    }

    @Test
    void whomTheRootDoesNotNameIsNotBelieved() throws Exception {
        ObjectNode good = bundle(NOW, NOW, Lie.NONE);
        TrustRoot foreign = TrustRoot.read(other.trustedRoot(folder.resolve("trusted_root.json")));
        assertThatThrownBy(() -> KeylessBundle.verify(good, new KeylessBundle.Expected(foreign, WHO, ISSUER)))
                .isInstanceOf(Untrusted.class)
                .hasMessageContaining("which is not among the 1 trusted logs");
        TrustRoot otherAuthority =
                new TrustRoot(root.logs(), foreign.authorities(), root.certificateLogs(), root.services());
        assertThatThrownBy(() -> KeylessBundle.verify(good, new KeylessBundle.Expected(otherAuthority, WHO, ISSUER)))
                .hasMessageContaining("is not of a trusted authority");
        TrustRoot otherTimestamps =
                new TrustRoot(root.logs(), root.authorities(), foreign.certificateLogs(), root.services());
        assertThatThrownBy(() -> KeylessBundle.verify(good, new KeylessBundle.Expected(otherTimestamps, WHO, ISSUER)))
                .hasMessageContaining("no timestamp of a trusted log of certificates (1 in it, 1 logs trusted)");
    }

    @Test
    void aTrustedRootIsReadInEachOfItsForms() throws IOException {
        TrustRoot plain = TrustRoot.read(other.trustedRoot(folder.resolve("root.json")));
        TrustRoot configuration = TrustRoot.read(other.trustConfig(folder.resolve("config.json")));
        TrustRoot pem = TrustRoot.read(other.logKey(folder.resolve("log.pem")));
        assertThat(configuration.logs()).isEqualTo(plain.logs()).isNotEmpty();
        assertThat(configuration.services().log()).contains(other.url());
        assertThat(pem.logs())
                .extracting(LogKey::id)
                .containsExactly(plain.logs().get(0).id());
        for (String text : List.of("", "{}", "[1", "-----BEGIN PUBLIC KEY-----\nAAAA", "{\"mediaType\":\"x\"}")) {
            Path file = Files.writeString(folder.resolve("odd"), text);
            assertThatThrownBy(() -> TrustRoot.read(file))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("odd cannot be read");
        }
    }

    /** A bundle as a client makes it, of a certificate that begins and an entry that is made at these times. */
    private ObjectNode bundle(Instant certified, Instant logged, Lie lie) throws GeneralSecurityException, IOException {
        SigningKey key = SigningKey.generate();
        var certificate = SigningCertificate.of(authority.issue(key.trusted().publicKey(), WHO, ISSUER, certified));
        ObjectNode envelope = Dsse.envelope(STATEMENT, key);
        ObjectNode proposal = JSON.createObjectNode().put("kind", "dsse");
        ObjectNode content = proposal.putObject("spec").putObject("proposedContent");
        content.put("envelope", envelope.toString());
        content.putArray("verifiers").add(Base64.getEncoder().encodeToString(certificate.pem()));
        return KeylessBundle.of(envelope, certificate, LogEntry.ofAnswer(log.enter(proposal, logged, lie)));
    }

    private KeylessBundle.Verified verify(ObjectNode bundle, String identity, String issuer) throws IOException {
        var read = JSON.readTree(JSON.writeValueAsBytes(bundle));
        return KeylessBundle.verify(read, new KeylessBundle.Expected(root, identity, issuer));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(ObjectNode bundle, String identity, String issuer) {
        return assertThatThrownBy(() -> verify(bundle, identity, issuer)).isInstanceOf(Untrusted.class);
    }
}
