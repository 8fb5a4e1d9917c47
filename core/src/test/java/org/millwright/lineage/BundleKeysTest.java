package org.millwright.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;
import org.millwright.scoring.signing.SigningKey;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class BundleKeysTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Actor READER =
            new Actor("eva", "eva", Actor.Kind.PERSON, true, Set.of(Role.AUDITOR), Optional.empty());

    private final Database database;

    @TempDir
    Path dir;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private Ledger ledger;
    private Users users;
    private Artifacts artifacts;
    private Certificates certificates;
    private int folders;

    BundleKeysTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        var clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
        var ids = Ids.seeded(clock, 1);
        ledger = TestLedger.open(database, clock, ids, dir);
        users = new Users(database, ledger, clock, ids);
        artifacts = new Artifacts(dir.resolve("artifacts"), ids);
        certificates = again();
    }

    /** As after a start of the server. */
    private Certificates again() {
        var clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
        return new Certificates(database, ledger, artifacts, dir.resolve("keys/bundles.pem"), clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whatARotatedKeySignedStaysTrusted() throws IOException {
        Path folder = folder();
        Certificate before = certify("model:delays/1", folder);
        now.set(START.plus(Duration.ofDays(1)));
        BundleKey key = certificates.keys().rotate(users.access(), Actor.LOCAL, "yearly");

        assertThat(key.hint()).isNotEqualTo(before.key());
        certificates.verify(before, folder);
        certificates.requireNotRevoked("model:delays/1");
        assertThat(certify("model:delays/2", folder()).key()).isEqualTo(key.hint());
        assertThat(again().trusted().hint()).isEqualTo(key.hint());
        assertThat(again().keys().trusted()).hasSize(2);
        assertThat(ledger.about("key:" + before.key()))
                .extracting(Entry::action)
                .containsExactly("key.used", "key.rotated");
        assertThatThrownBy(() -> certificates.keys().rotate(users.access(), READER, "mine"))
                .isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> certificates.keys().rotate(users.access(), Actor.LOCAL, " "))
                .isInstanceOf(Problem.Invalid.class);
    }

    @Test
    void aStolenKeyCountsForWhatTheLedgerKnewBefore() throws IOException {
        Certificate early = certify("model:delays/1", folder());
        now.set(START.plus(Duration.ofDays(10)));
        Path folder = folder();
        certify("model:delays/2", folder);
        now.set(START.plus(Duration.ofDays(20)));
        BundleKey stolen = certificates
                .keys()
                .revoke(
                        users.access(),
                        Actor.LOCAL,
                        early.key().substring(0, 12),
                        START.plus(Duration.ofDays(5)),
                        "laptop lost");

        assertThat(stolen.state()).isEqualTo(BundleKey.State.REVOKED);
        certificates.requireNotRevoked("model:delays/1");
        assertThatThrownBy(() -> certificates.requireNotRevoked("model:delays/2"))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("not trusted from 2026-01-06T00:00:00Z on: laptop lost");

        certificates.renew(Actor.LOCAL, "model:delays/2", folder, Map.of(), Duration.ofDays(1));
        certificates.requireNotRevoked("model:delays/2");
        assertThat(certificates.trusted().hint()).isNotEqualTo(early.key());
    }

    @Test
    void aLostKeyIsReplacedAndAKeyThatSomebodyWritesIntoTheDatabaseIsNotBelieved() throws IOException {
        Certificate before = certify("model:delays/1", folder());
        certificates.keys().rotate(users.access(), Actor.LOCAL, "yearly");
        String second = certificates.trusted().hint();
        try (var files = Files.list(dir.resolve("keys"))) {
            for (Path file :
                    files.filter(one -> one.toString().contains("bundles-")).toList()) {
                Files.delete(file);
            }
        }
        now.set(START.plus(Duration.ofDays(1)));

        Certificates after = again();

        assertThat(Set.of(before.key(), second)).doesNotContain(after.trusted().hint());
        assertThat(ledger.about("key:" + second)).extracting(Entry::action).contains("key.lost");
        String forged = SigningKey.generate().trusted().pem();
        database.write(() -> {
            new BundleKeyStore(database)
                    .insert(new BundleKey("f".repeat(64), forged, "", 1, Optional.empty(), Optional.empty()));
        });
        assertThat(after.keys().trusted())
                .extracting(key -> key.pem())
                .hasSize(3)
                .doesNotContain(forged);
    }

    private Path folder() throws IOException {
        Path folder = Files.createDirectory(dir.resolve("bundle" + folders++));
        Files.writeString(folder.resolve("model.onnx"), "onnx");
        return folder;
    }

    private Certificate certify(String subject, Path folder) {
        var evidence = new Evidence("flights", "train", "r1", Map.of(), List.of(), Map.of(), 0, 1000);
        return certificates.certify(Actor.LOCAL, subject, folder, evidence, Duration.ofDays(30));
    }
}
