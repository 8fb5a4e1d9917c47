package org.millwright.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.millwright.history.History;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.NoteKey;
import org.millwright.ledger.Witness;

/** A log of many entries as an installation of a thousand models writes them, one each second. */
final class FilledLog implements AutoCloseable {
    private static final int MODELS = 1_000;
    private static final int TOGETHER = 10_000;
    private static final long BEGIN = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private final AtomicLong now = new AtomicLong(BEGIN);
    private final Clock clock = ((InstantSource) () -> Instant.ofEpochMilli(now.get())).withZone(ZoneOffset.UTC);
    private final Database database;
    private final Ledger ledger;

    FilledLog(Path folder) {
        LedgerBench.folder(folder);
        database = Database.sqlite(folder.resolve("millwright.db"));
        ledger = new Ledger(
                database,
                clock,
                new Ids(clock),
                NoteKey.open(folder.resolve("ledger.key"), "millwright"),
                new Witness(folder.resolve("ledger.checkpoint")));
        now.set(time(ledger.size()));
    }

    Ledger ledger() {
        return ledger;
    }

    History history() {
        return new History(database, ledger, new Users(database, ledger, clock, new Ids(clock)).access(), clock);
    }

    static String model(int number) {
        return "model:m" + number;
    }

    /** When an entry was made. */
    long time(long index) {
        return BEGIN + index * 1_000;
    }

    /** Appends until there are so many, and signs them. */
    void fill(long entries) {
        while (ledger.size() < entries) {
            long from = ledger.size();
            long to = Math.min(entries, from + TOGETHER);
            database.write(() -> {
                for (long index = from; index < to; index++) {
                    now.set(time(index));
                    append(index);
                }
            });
        }
        ledger.checkpoint();
    }

    /** Every tenth entry is about the first model. */
    private void append(long index) {
        int model = index % 10 == 0 ? 0 : 1 + (int) (index / 7 % (MODELS - 1));
        long version = 1 + index / 5_000;
        String name = model(model);
        String numbered = name + "/" + version;
        String deployment = "deployment:m" + model;
        switch ((int) (index / 10 % 5)) {
            case 0 ->
                append(
                        "model.version-registered",
                        List.of(numbered, name, "run:" + index),
                        Json.object().put("source", "models:/m-" + index).put("files", "0".repeat(64)));
            case 1 ->
                append(
                        "model.alias-set",
                        List.of(numbered, name),
                        Json.object().put("alias", "champion").put("version", version));
            case 2 ->
                append(
                        "deployment.canary-started",
                        List.of(deployment, numbered, "project:p"),
                        Json.object().put("percent", 10).put("version", Long.toString(version)));
            case 3 ->
                append(
                        "deployment.promoted",
                        List.of(deployment, numbered, "project:p"),
                        Json.object().put("version", Long.toString(version)).put("production", Long.toString(version)));
            default ->
                append(
                        "window.judged",
                        List.of(deployment, numbered, "project:p"),
                        Json.object().put("window", "day").put("verdict", "OK"));
        }
    }

    private void append(String action, List<String> subjects, ObjectNode details) {
        ledger.append(Actor.LOCAL, action, subjects, details);
    }

    @Override
    public void close() {
        database.close();
    }
}
