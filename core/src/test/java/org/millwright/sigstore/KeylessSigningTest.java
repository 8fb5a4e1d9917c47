package org.millwright.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.egress.Destinations;
import org.millwright.kernel.Problem;
import org.millwright.scoring.signing.ModelSigning;
import org.millwright.scoring.sigstore.KeylessBundle;
import org.millwright.scoring.sigstore.Lie;
import org.millwright.scoring.sigstore.SigstoreDouble;
import org.millwright.scoring.sigstore.TrustRoot;

/** Signing by an identity: where tokens come from, what is sent, and services that fail or lie. */
class KeylessSigningTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Destinations ANY = new Destinations(Set.of("*"));
    private static final String ANA = "ana@example.org";

    @TempDir
    Path folder;

    private final SigstoreDouble services = new SigstoreDouble(NOW);
    private TrustRoot root;
    private Path model;

    @BeforeEach
    void make() throws IOException {
        root = TrustRoot.read(services.trustedRoot(folder.resolve("trusted_root.json")));
        model = Files.createDirectory(folder.resolve("model"));
        Files.writeString(model.resolve("model.onnx"), "weights");
    }

    @AfterEach
    void close() {
        services.close();
    }

    private KeylessSigning signing() {
        Service service = Service.at(services.url() + "/", ANY, Duration.ofMillis(500));
        return new KeylessSigning(service, service, root);
    }

    private IdentityToken token(Map<String, String> environment) {
        return tokens(environment).find(Optional.empty());
    }

    private static IdentityTokens tokens(Map<String, String> environment) {
        return new IdentityTokens(environment, ANY, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private IdentityToken ana() {
        return token(Map.of("SIGSTORE_ID_TOKEN", services.token(ANA)));
    }

    @Test
    void aFolderIsSignedByWhomTheTokenNamesAndOnlyDigestsReachTheLog() {
        Path signature = model.resolve(ModelSigning.FILE);
        signing().sign(model, signature, ana());

        var verified = KeylessBundle.verify(
                ModelSigning.read(signature), new KeylessBundle.Expected(root, ANA, SigstoreDouble.ISSUER));
        var contents = ModelSigning.contents(model, signature, verified.payload());
        assertThat(contents.files()).containsOnlyKeys("model.onnx");
        assertThat(services.asked()).hasSize(2);
        assertThat(services.asked().get(1)).doesNotContain("oidcIdentityToken", "weights", "PRIVATE");
    }

    @Test
    void tokensComeFromAFileAVariableOrTheJobsPlatform() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), services.token(ANA) + "\n");
        assertThat(tokens(Map.of()).find(Optional.of(file)).subject()).isEqualTo(ANA);
        assertThat(ana().issuer()).isEqualTo(SigstoreDouble.ISSUER);
        IdentityToken job = token(Map.of(
                "GITHUB_ACTIONS",
                "true",
                "ACTIONS_ID_TOKEN_REQUEST_URL",
                services.url() + "/github-token?api-version=2.0",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
                SigstoreDouble.GITHUB_SECRET));
        assertThat(job.subject()).startsWith("https://github.com/o/r/");
        assertThat(job.toString()).doesNotContain(job.text());
        assertThat(signing()
                        .sign("{}".getBytes(StandardCharsets.UTF_8), job)
                        .verified()
                        .identity())
                .isEqualTo(job.subject());
    }

    @Test
    void aTokenThatIsOfNoUseIsRefusedBeforeAnythingIsSent() {
        refused(Map.of(), "No identity token is here");
        refused(Map.of("GITHUB_ACTIONS", "true"), "may not have an identity token");
        refused(Map.of("GITLAB_CI", "true"), "This job has no identity token (expected: SIGSTORE_ID_TOKEN)");
        refused(Map.of("SIGSTORE_ID_TOKEN", "secret"), "holds is no identity token");
        refused(
                Map.of("SIGSTORE_ID_TOKEN", services.token(ANA, "vault", NOW.plusSeconds(9))),
                "is for 'vault' (expected: the audience 'sigstore')");
        refused(
                Map.of("SIGSTORE_ID_TOKEN", services.token(ANA, "sigstore", NOW)),
                "was valid until 2026-03-01T12:00:00Z");
        assertThatThrownBy(() -> tokens(Map.of()).find(Optional.of(folder.resolve("none"))))
                .isInstanceOf(Problem.NotFound.class);
        assertThat(services.asked()).isEmpty();
    }

    private void refused(Map<String, String> environment, String why) {
        assertThatThrownBy(() -> token(environment))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("secret");
    }

    @Test
    void whatServicesAnswerIsNotBelievedUnproven() {
        for (Lie lie : new Lie[] {Lie.UNAVAILABLE, Lie.NO_JSON, Lie.TOO_LARGE, Lie.NEVER_ENDS}) {
            services.misbehave(lie);
            assertThatThrownBy(() -> signing().sign(model, model.resolve("s"), ana()))
                    .as(lie.toString())
                    .isInstanceOf(Problem.Unavailable.class)
                    .hasMessageStartingWith("Nothing was signed: 127.0.0.1 ");
        }
        services.misbehave(Lie.FOREIGN_PROMISE);
        assertThatThrownBy(() -> signing().sign(model, model.resolve("s"), ana()))
                .hasMessageContaining("127.0.0.1 is not believed: the log's signed entry timestamp");
        services.misbehave(Lie.NONE);
        services.certifyAt(NOW.minusSeconds(3600));
        assertThatThrownBy(() -> signing().sign(model, model.resolve("s"), ana()))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("the certificate was valid from");
        assertThat(model.resolve("s")).doesNotExist();
    }

    @Test
    void theAuthoritySaysWhyItDoesNotCertify() {
        try (var others = new SigstoreDouble(NOW)) {
            var foreign = token(Map.of("SIGSTORE_ID_TOKEN", others.token(ANA)));
            assertThatThrownBy(() -> signing().sign(model, model.resolve("s"), foreign))
                    .hasMessage("Nothing was signed: 127.0.0.1 answered 400: the identity token is not by its issuer");
            var stolen = new IdentityToken(services.token(ANA), "eve@example.org", SigstoreDouble.ISSUER);
            assertThatThrownBy(() -> signing().sign(model, model.resolve("s"), stolen))
                    .hasMessageContaining("the proof of possession does not verify");
        }
    }
}
