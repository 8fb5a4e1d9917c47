package org.millwright.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.NoteKey;
import org.millwright.ledger.Witness;
import org.millwright.project.Agreements;
import org.millwright.project.Projects;
import org.millwright.registry.Models;

/**
 * The data folder of a server that fifty projects of twenty models each have used for two years: half of its log is of runs, two
 * fifths of judged windows, the rest of pipelines, releases and alerts.
 */
final class FilledFactory {
    static final int PROJECTS = 50;
    static final int MODELS = 1_000;
    private static final int WINDOWS = 100;
    private static final int TOGETHER = 10_000;
    private static final long SPAN = 730L * 86_400_000;

    /** From a run to production, and the alert that begins the next. */
    private static final List<String> CYCLE = List.of(
            "pipeline-run.started",
            "pipeline-run.ended",
            "gate.judged",
            "model.version-registered",
            "model.version-certified",
            "release.requested",
            "approval.requested",
            "approval.approved",
            "release.approved",
            "deployment.staged",
            "deployment.canary-started",
            "deployment.promoted",
            "release.production",
            "alert.raised",
            "alert.retraining-decided",
            "alert.resolved");

    private final Path data;
    private final long entries;
    private final long begin = System.currentTimeMillis() - SPAN;
    private final AtomicLong now = new AtomicLong(begin);
    private final Clock clock = ((InstantSource) () -> Instant.ofEpochMilli(now.get())).withZone(ZoneOffset.UTC);

    private FilledFactory(Path data, long entries) {
        this.data = data;
        this.entries = entries;
    }

    /** Makes the folder unless it is there. */
    static void at(Path data, long entries) {
        if (!Files.exists(data.resolve("filled"))) {
            Folders.delete(data);
            new FilledFactory(data, entries).make();
        }
    }

    static String project(int model) {
        return "p" + model % PROJECTS;
    }

    private void make() {
        LedgerBench.folder(data.resolve("keys"));
        try (Database database = Database.sqlite(data.resolve("millwright.db"))) {
            var ids = new Ids(clock);
            var ledger = new Ledger(
                    database,
                    clock,
                    ids,
                    NoteKey.open(data.resolve("keys/ledger.key"), "millwright"),
                    new Witness(data.resolve("ledger.checkpoint")));
            var users = new Users(database, ledger, clock, ids);
            var projects = new Projects(database, ledger, users, clock);
            projects(users, projects, new Agreements(database, ledger, users, projects, clock, ids));
            var models = new Models(database, ledger, clock, users.access());
            database.write(() -> {
                for (int model = 0; model < MODELS; model++) {
                    models.ensure(Actor.LOCAL, "m" + model, project(model));
                }
            });
            log(database, ledger);
            ledger.setDelivered("reactions", ledger.size());
            ledger.checkpoint();
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("millwright.db"))) {
            connection.setAutoCommit(false);
            tables(connection);
            connection.commit();
            Files.createFile(data.resolve("filled"));
        } catch (SQLException | java.io.IOException e) {
            throw new IllegalStateException("Filling " + data + " failed", e);
        }
    }

    private void projects(Users users, Projects projects, Agreements agreements) {
        Actor ana = person(users, "ana", Role.DATA_SCIENTIST);
        Actor ben = person(users, "ben", Role.APPROVER);
        Actor mia = person(users, "mia", Role.ML_ENGINEER);
        for (int i = 0; i < PROJECTS; i++) {
            now.addAndGet(3_600_000);
            projects.request(ana, """
                    apiVersion: millwright/v1
                    kind: Project
                    name: p%d
                    purpose: Fills a log.
                    owner: ana
                    risk-tier: low
                    data: [{name: flights, classification: public, source: a file}]
                    members: {ana: [data-scientist], ben: [approver], mia: [ml-engineer]}
                    environment: {python: "3.11"}
                    model: {name: m%d, task: regression, label: y}
                    expected-value: {amount: 0.01, currency: EUR, per: outcome}
                    """.formatted(i, i));
            now.addAndGet(7_200_000);
            projects.approve(ben, "p" + i, "Fine");
            agreements.propose(ana, """
                    apiVersion: millwright/v1
                    kind: Agreement
                    model: m%d
                    window: month
                    drift: {method: psi, warn: 0.1, alert: 0.25, columns-share: 0.5}
                    """.formatted(i));
            agreements.accept(mia, "m" + i, Optional.empty());
        }
    }

    private static Actor person(Users users, String name, Role role) {
        users.add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(role), null);
        return new Actor(users.get(name).id(), name, Actor.Kind.PERSON, true, Set.of(role), Optional.empty());
    }

    private void log(Database database, Ledger ledger) {
        long from = ledger.size();
        long start = now.get();
        for (long first = from; first < entries; first += TOGETHER) {
            long begins = first;
            database.write(() -> {
                for (long i = begins; i < Math.min(entries, begins + TOGETHER); i++) {
                    now.set(start + (long) ((double) (i - from) / (entries - from) * (begin + SPAN - start - 1)));
                    append(ledger, i);
                }
            });
        }
    }

    private static void append(Ledger ledger, long i) {
        if (i % 10 == 0) {
            cycle(ledger, i / 10);
            return;
        }
        int model = (int) (i * 7 % MODELS);
        if (i % 10 < 5) {
            ledger.append(
                    Actor.LOCAL,
                    "window.judged",
                    List.of("window:" + i, "deployment:m" + model, "project:" + project(model)),
                    Json.object().put("verdict", "KEPT").put("window", "2026-01-01"));
        } else {
            ledger.append(
                    Actor.LOCAL,
                    i % 2 == 0 ? "run.created" : "run.finished",
                    List.of("run:" + i / 2, "experiment:" + model),
                    Json.object().put("digest", "0".repeat(64)));
        }
    }

    /** A step of a model's way; models take theirs one after the other, a few at a time. */
    private static void cycle(Ledger ledger, long step) {
        int size = CYCLE.size();
        long round = step / size;
        int model = (int) (round % MODELS);
        String action = CYCLE.get((int) (step % size));
        String version = Long.toString(1 + round / MODELS);
        var subjects = new ArrayList<String>();
        switch (action.substring(0, action.indexOf('.'))) {
            case "pipeline-run", "gate" -> subjects.add("run:" + round);
            case "release" -> subjects.add("release:" + round);
            case "approval" -> subjects.addAll(List.of("approval:" + round, "release:" + round));
            case "deployment" -> subjects.add("deployment:m" + model);
            case "alert" -> subjects.addAll(List.of("alert:" + round, "deployment:m" + model));
            default -> {
                // about the version first
            }
        }
        if (!action.startsWith("pipeline-run") && !action.startsWith("gate")) {
            subjects.add("model:m" + model + "/" + version);
        }
        if (action.equals("model.version-certified")) {
            subjects.add("run:" + round);
        }
        subjects.add("project:" + project(model));
        ObjectNode details =
                Json.object().put("version", version).put("passed", true).put("decision", "train");
        if (action.equals("deployment.promoted")) {
            details.put("production", version);
        }
        ledger.append(Actor.LOCAL, action, subjects, details);
    }

    private void tables(Connection connection) throws SQLException {
        long rounds = entries / 10 / CYCLE.size();
        for (int model = 0; model < MODELS; model++) {
            model(connection, model, Math.max(1, rounds / MODELS));
        }
        for (long round = 0; round < rounds; round++) {
            runs(connection, round, begin + round * (SPAN / Math.max(1, rounds)));
        }
    }

    private void model(Connection connection, int model, long newest) throws SQLException {
        String name = "m" + model;
        for (long version = 1; version <= newest; version++) {
            insert(
                    connection,
                    "insert into model_version (name, version, source, location, stage, files, made_by, created_at,"
                            + " updated_at) values (?, ?, 'models:/x', 'x', 'NONE', ?, 'local', ?, ?)",
                    name,
                    version,
                    "0".repeat(64),
                    begin,
                    begin);
            insert(
                    connection,
                    "insert into lineage_edge (from_ref, to_ref, run_id, at) values (?, ?, ?, ?)",
                    "dataset:flights@" + model % PROJECTS + "/1",
                    "model:" + name + "/" + version,
                    "r" + model,
                    begin);
        }
        insert(
                connection,
                "insert into deployment (name, project, model, production, created_at, changed_at) values (?, ?, ?, ?, ?, ?)",
                name,
                project(model),
                name,
                Long.toString(newest),
                begin,
                begin);
        insert(
                connection,
                "insert into monitor_deployment (name, project, model, watermark, label_watermark, dropped, duplicates,"
                        + " skewed, created_at) values (?, ?, ?, 0, 0, 0, 0, 0, ?)",
                name,
                project(model),
                name,
                begin);
        for (int window = 0; window < WINDOWS; window++) {
            window(connection, name, begin + window * (SPAN / WINDOWS));
        }
    }

    private static void window(Connection connection, String deployment, long start) throws SQLException {
        insert(
                connection,
                "insert into monitor_window (deployment, version, window_start, window_end, row_count, late_count, last_event,"
                        + " label_count, profile, revision) values (?, '1', ?, ?, 1000, 0, 0, 900, ?, 1)",
                deployment,
                start,
                start + SPAN / WINDOWS,
                "x".repeat(1_000));
        insert(
                connection,
                "insert into monitor_judgement (deployment, version, window_start, window_end, clause, verdict, is_leading,"
                        + " method, measured, threshold, row_count, note, details, judged_at)"
                        + " values (?, '1', ?, ?, 'drift', 'KEPT', 1, 'psi', 0.02, 0.25, 1000, '', '{}', ?)",
                deployment,
                start,
                start + SPAN / WINDOWS,
                start + SPAN / WINDOWS);
    }

    private static void runs(Connection connection, long round, long at) throws SQLException {
        insert(
                connection,
                "insert into pipeline_run (id, project, pipeline, parameters, source_id, project_file, fresh, cause, status,"
                        + " started_by, created_at, ended_at) values (?, ?, 'train', '{}', '', '', 0, '', 'SUCCEEDED', 'local',"
                        + " ?, ?)",
                Long.toString(round),
                project((int) (round % MODELS)),
                at,
                at + 60_000);
        for (int step = 0; step < 8; step++) {
            insert(
                    connection,
                    "insert into pipeline_step (run_id, step, attempt, position, kind, status, project, started_at, ended_at,"
                            + " outputs) values (?, ?, 1, ?, 'python', 'SUCCEEDED', ?, ?, ?, ?)",
                    Long.toString(round),
                    "s" + step,
                    step,
                    project((int) (round % MODELS)),
                    at,
                    at + 5_000,
                    "x".repeat(500));
        }
    }

    private static void insert(Connection connection, String sql, Object... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
