package org.millwright.anchor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.egress.Destinations;
import org.millwright.egress.Signature;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Altered;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.SignedNote;
import org.millwright.ledger.TestLedger;

/** What was kept outside finds what was done to the log, and what was done to it itself. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class AnchorsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    private final Database database;
    private final List<String[]> posted = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    private Ledger ledger;
    private HttpServer notary;
    private int answer = 200;

    AnchorsTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() throws IOException {
        openLedger();
        append(3);
        notary = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        notary.createContext("/", exchange -> {
            var headers = exchange.getRequestHeaders();
            posted.add(new String[] {
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                headers.getFirst("webhook-id"),
                headers.getFirst("webhook-timestamp"),
                headers.getFirst("webhook-signature")
            });
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        notary.start();
    }

    private void openLedger() {
        ledger = TestLedger.open(database, CLOCK, new Ids(CLOCK), folder);
    }

    @AfterEach
    void close() {
        notary.stop(0);
        database.close();
    }

    private Anchors anchors(String... places) {
        var settings = new AnchorSettings(List.of(places), Duration.ofHours(1), new Destinations(Set.of("*")));
        var users = new Users(database, ledger, CLOCK, new Ids(CLOCK));
        return new Anchors(database, ledger, users.access(), CLOCK, settings, folder.resolve("keys/anchors.key"));
    }

    @Test
    void aFileHoldsEveryCheckpointAndTheLogIsHeldAgainstIt() throws IOException {
        Path file = folder.resolve("notary");
        Anchors anchors = anchors("file:" + file);
        assertThat(anchors.list(Actor.LOCAL)).extracting(Anchors.Status::size).containsExactly(0L);

        anchors.now(Actor.LOCAL);
        anchors.now(Actor.LOCAL);
        append(2);
        anchors.now(Actor.LOCAL);

        assertThat(SignedNote.all(Files.readString(file)))
                .extracting(SignedNote::size)
                .containsExactly(3L, 5L);
        assertThat(anchors.verify(Actor.LOCAL).ledger().outside()).isEqualTo(5);
        assertThat(anchors.verify(Actor.LOCAL).places())
                .containsExactly(new Anchors.Status("file:" + file, 5, CLOCK.millis(), "", Optional.empty()));
    }

    @Test
    void entriesRemovedFromTheEndAreFoundAndTheAnchorIsNamed() throws IOException {
        Path file = folder.resolve("notary");
        append(2);
        anchors("file:" + file).now(Actor.LOCAL);
        forget(4);

        assertThatThrownBy(() -> anchors("file:" + file).verify(Actor.LOCAL))
                .isInstanceOf(Altered.class)
                .hasMessage("The log was shortened: the anchor file:" + file
                        + " (checkpoint of 5 entries) signed 5 entries, 4 are here");
    }

    @Test
    void aRewrittenLogIsFoundAlthoughEverythingHereFits() throws IOException {
        Path file = folder.resolve("notary");
        anchors("file:" + file).now(Actor.LOCAL);
        forget(0);
        append(4);
        ledger.checkpoint();

        assertThatThrownBy(() -> anchors("file:" + file).verify(Actor.LOCAL))
                .isInstanceOf(Altered.class)
                .hasMessage("The first 3 entries are not those that the anchor file:" + file
                        + " (checkpoint of 3 entries) signed");
    }

    @Test
    void aCheckpointThatIsGoneFromItsPlaceIsMissed() throws IOException {
        Path file = folder.resolve("notary");
        Anchors anchors = anchors("file:" + file);
        anchors.now(Actor.LOCAL);
        Files.delete(file);

        assertThatThrownBy(() -> anchors.verify(Actor.LOCAL))
                .isInstanceOf(Altered.class)
                .hasMessageContaining("The checkpoint of 3 entries is gone from the anchor file:" + file);
        Files.writeString(file, "not a checkpoint\n\n— x y\n");
        assertThatThrownBy(() -> anchors.verify(Actor.LOCAL))
                .isInstanceOf(Altered.class)
                .hasMessageContaining("was altered");
    }

    @Test
    void aRepositoryGetsACommitForEachCheckpoint() throws Exception {
        Path repository = Files.createDirectory(folder.resolve("repository"));
        git(repository, "init", "--quiet");
        Files.createDirectories(repository.resolve(".git/hooks"));
        Path hook = Files.writeString(repository.resolve(".git/hooks/pre-commit"), "#!/bin/sh\nexit 1\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        Anchors anchors = anchors("git:" + repository);

        anchors.now(Actor.LOCAL);
        append(1);
        anchors.now(Actor.LOCAL);

        assertThat(git(repository, "log", "--format=%s").lines())
                .containsExactly(
                        "Checkpoint of 4 entries of the ledger millwright",
                        "Checkpoint of 3 entries of the ledger millwright");
        assertThat(git(repository, "status", "--short")).isEmpty();
        assertThat(anchors.verify(Actor.LOCAL).places().getFirst().fault()).isEmpty();
        Files.writeString(repository.resolve("ledger-checkpoints"), "");
        assertThat(anchors.verify(Actor.LOCAL).ledger().entries()).isEqualTo(4);
    }

    @Test
    void aWebServerGetsASignedPost() throws IOException {
        String url = "http://127.0.0.1:" + notary.getAddress().getPort() + "/notary";
        Anchors anchors = anchors(url);

        anchors.now(Actor.LOCAL);

        String[] post = posted.getFirst();
        SignedNote note = SignedNote.parse(Json.parse(post[0]).path("note").asText());
        assertThat(note.size()).isEqualTo(3);
        String secret =
                Files.readString(folder.resolve("keys/anchors.key")).strip().substring("whsec_".length());
        assertThat(post[3])
                .isEqualTo(Signature.of(Base64.getDecoder().decode(secret), post[1], Long.parseLong(post[2]), post[0]));
        assertThat(anchors.verify(Actor.LOCAL).ledger().outside()).isEqualTo(2);
    }

    @Test
    void aPlaceThatFailsIsToldAndTriedAgainWhileOthersAreKept() throws IOException {
        String url = "http://127.0.0.1:" + notary.getAddress().getPort() + "/notary";
        Path file = folder.resolve("notary");
        answer = 503;
        Anchors anchors = anchors(url, "file:" + file);

        List<Anchors.Status> first = anchors.now(Actor.LOCAL);
        answer = 204;
        List<Anchors.Status> second = anchors.now(Actor.LOCAL);

        assertThat(first).extracting(Anchors.Status::size).containsExactly(0L, 3L);
        assertThat(first.getFirst().fault()).isEqualTo("127.0.0.1 answered 503");
        assertThat(second).extracting(Anchors.Status::size).containsExactly(3L, 3L);
        assertThat(second.getFirst().fault()).isEmpty();
        assertThat(SignedNote.all(Files.readString(file))).hasSize(1);
    }

    @Test
    void whatCannotBeAPlaceIsRefusedAtTheStart() {
        for (String place : List.of("file:relative", "ftp://x", "git:" + folder, "file:" + folder, "", "file:/a\0b")) {
            assertThatThrownBy(() -> anchors(place)).as(place).isInstanceOf(Problem.Invalid.class);
        }
        assertThatThrownBy(() -> anchors().now(Actor.LOCAL)).isInstanceOf(Problem.Conflict.class);
        Actor ana = new Actor("u-1", "ana", Actor.Kind.PERSON, true, Set.of(), Optional.empty());
        assertThatThrownBy(() -> anchors().list(ana)).isInstanceOf(Problem.Denied.class);
    }

    /** Takes the entries from a place on away, with everything in the database and the witness that could tell. */
    private void forget(int from) throws IOException {
        database.write(() -> {
            database.dsl().execute("delete from ledger_entry where idx >= ?", from);
            database.dsl().execute("delete from ledger_subject where idx >= ?", from);
            database.dsl().execute("delete from ledger_checkpoint");
            database.dsl().execute("delete from ledger_anchor");
            for (int height = 1; height < 4; height++) {
                database.dsl().execute("delete from ledger_node where height = ? and pos >= ?", height, from >> height);
            }
        });
        Files.deleteIfExists(folder.resolve("ledger.checkpoint"));
        openLedger();
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            String subject = "run:" + i;
            database.write(() -> ledger.append(Actor.LOCAL, "run.finished", subject, Json.object()));
        }
    }

    private static String git(Path repository, String... arguments) throws Exception {
        var command = new java.util.ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(repository.toFile())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }
}
