package org.millwright.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;
import org.millwright.scoring.signing.Untrusted;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class CertificatesTest {
    private static final String SUBJECT = "model:flight-delays/1";

    private final Database database;

    @TempDir
    Path dir;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private Ledger ledger;
    private Artifacts artifacts;
    private Certificates certificates;
    private Path folder;

    CertificatesTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() throws IOException {
        var clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
        var ids = Ids.seeded(clock, 1);
        ledger = TestLedger.open(database, clock, ids, dir);
        artifacts = new Artifacts(dir.resolve("artifacts"), ids);
        certificates = new Certificates(database, ledger, artifacts, dir.resolve("keys/models.pem"), clock);
        folder = Files.createDirectory(dir.resolve("bundle"));
        Files.writeString(folder.resolve("model.onnx"), "onnx");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void statesHowAModelWasMadeOverTheDigestOfItsFiles() throws IOException {
        Certificate certificate = certificates.certify(Actor.LOCAL, SUBJECT, folder, evidence());

        JsonNode statement = certificates.verify(certificate, folder);
        assertThat(statement.path("predicateType").asText()).isEqualTo("https://slsa.dev/provenance/v1");
        JsonNode definition = statement.path("predicate").path("buildDefinition");
        assertThat(definition
                        .path("externalParameters")
                        .path("parameters")
                        .path("seed")
                        .asText())
                .isEqualTo("7");
        assertThat(definition.path("externalParameters").path("authenticated").asBoolean())
                .isFalse();
        assertThat(definition.path("resolvedDependencies")).hasSize(2);
        assertThat(certificates.of(SUBJECT)).contains(certificate);
        assertThat(ledger.about(SUBJECT)).extracting(Entry::action).containsExactly("model.version-certified");
        assertThat(Files.getPosixFilePermissions(dir.resolve("keys/models.pem")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void noticesAnAlteredFile() throws IOException {
        Certificate certificate = certificates.certify(Actor.LOCAL, SUBJECT, folder, evidence());
        Files.writeString(folder.resolve("model.onnx"), "evil");

        assertThatThrownBy(() -> certificates.verify(certificate, folder)).isInstanceOf(Untrusted.class);
        assertThatThrownBy(() -> certificates.certify(Actor.LOCAL, "model:flight-delays/2", folder, evidence()))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("'model.onnx' was changed after signing");
    }

    @Test
    void certifiesAVersionOnce() throws IOException {
        Certificate first = certificates.certify(Actor.LOCAL, SUBJECT, folder, evidence());
        assertThat(certificates.certify(Actor.LOCAL, SUBJECT, folder, evidence()))
                .isEqualTo(first);

        Path other = Files.createDirectory(dir.resolve("other"));
        Files.writeString(other.resolve("model.onnx"), "other");
        assertThatThrownBy(() -> certificates.certify(Actor.LOCAL, SUBJECT, other, evidence()))
                .isInstanceOf(Problem.Conflict.class);
        assertThat(ledger.about(SUBJECT)).hasSize(1);
    }

    @Test
    void expiresAsItWasSignedAndIsRenewed() {
        Instant until = Instant.parse("2026-01-31T00:00:00Z");
        Certificate first = certificates.certify(Actor.LOCAL, SUBJECT, folder, evidence(), Duration.ofDays(30));
        assertThat(certificates.validUntil(SUBJECT)).contains(until);
        JsonNode signed = certificates.verify(first, folder);
        assertThat(signed.toString())
                .contains("{\"from\":\"2026-01-01T00:00:00Z\",\"until\":\"2026-01-31T00:00:00Z\"}");
        certificates.requireUnexpired(SUBJECT);

        now.set(until);
        assertThatThrownBy(() -> certificates.requireUnexpired(SUBJECT))
                .isInstanceOf(Problem.Refused.class)
                .hasMessage("The certificate of model:flight-delays/1 expired at 2026-01-31T00:00:00Z: what serves it"
                        + " goes on, but it is not deployed anew")
                .extracting(refused -> ((Problem) refused).next())
                .isEqualTo("mw model certify flight-delays/1 checks it again and renews the certificate.");
        certificates.verify(first, folder);

        Certificate narrowed = certificates.renew(Actor.LOCAL, SUBJECT, folder, Map.of("metrics", Json.object()));
        assertThat(certificates.validUntil(SUBJECT)).contains(until);
        var checked = Map.<String, JsonNode>of("checked-again", Json.object().put("rows", 50));
        Certificate renewed = certificates.renew(Actor.LOCAL, SUBJECT, folder, checked, Duration.ofDays(1));
        assertThat(certificates.validUntil(SUBJECT)).contains(until.plus(Duration.ofDays(1)));
        certificates.requireUnexpired(SUBJECT);
        assertThat(certificates.verify(renewed, folder).toString()).contains("\"checked-again\"", "\"rows\":50");
        assertThat(List.of(first.statement(), narrowed.statement(), renewed.statement()))
                .doesNotHaveDuplicates();
        certificates.revoke(Actor.LOCAL, SUBJECT, "leaked", List.of());
        assertThatThrownBy(() -> certificates.renew(Actor.LOCAL, SUBJECT, folder, checked, Duration.ofDays(1)))
                .hasMessageContaining("was revoked: leaked");
    }

    @Test
    void oneWithoutValidityNeverExpiresAndNobodyLengthensOneInTheDatabase() {
        Certificate forGood = certificates.certify(Actor.LOCAL, SUBJECT, folder, evidence());
        now.set(Instant.parse("2099-01-01T00:00:00Z"));
        assertThat(certificates.validUntil(SUBJECT)).isEqualTo(Optional.empty());
        certificates.requireUnexpired(SUBJECT);

        String longer = new String(certificates.statement(forGood), StandardCharsets.UTF_8);
        String altered = artifacts
                .put(longer.replace("eyJ", "eyK").getBytes(StandardCharsets.UTF_8))
                .sha256();
        database.write(() -> {
            new CertificateStore(database)
                    .replace(new Certificate(
                            SUBJECT, forGood.root(), altered, forGood.key(), "x", true, 1, Optional.empty()));
        });
        assertThatThrownBy(() -> certificates.requireUnexpired(SUBJECT))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("is not believed");
    }

    private static Evidence evidence() {
        return new Evidence(
                "flight-delays",
                "train",
                "r1",
                Map.of("seed", "7", "through", "2013-06"),
                List.of(
                        Evidence.Material.sha256("dataset:flights@2013-01/1", "a".repeat(64)),
                        Evidence.Material.commit("git+file:///project", "b".repeat(40))),
                Map.of("metrics", Json.object().put("rmse", 40.5)),
                0,
                1000);
    }
}
