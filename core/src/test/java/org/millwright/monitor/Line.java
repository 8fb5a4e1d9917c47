package org.millwright.monitor;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.millwright.alert.Alerts;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.JudgementStore;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.NoteKey;
import org.millwright.ledger.Witness;
import org.millwright.outcome.Label;
import org.millwright.project.Agreements;
import org.millwright.project.Projects;
import org.millwright.retraining.Retrainings;
import org.millwright.scoring.Frame;
import org.millwright.scoring.profile.Reference;
import org.millwright.serving.Scored;
import org.millwright.window.References;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;

/**
 * A project with an approved agreement, a monitored deployment and made-up rows: the outcome is three times {@code x} plus
 * noise, the model knows it.
 */
public final class Line {
    public static final String DEPLOYMENT = "delays";
    public static final String PROJECT = """
            apiVersion: millwright/v1
            kind: Project
            name: delays
            purpose: Shows how a model is watched.
            owner: ana
            risk-tier: low
            data: []
            members: {ana: [data-scientist], mia: [ml-engineer], ben: [approver]}
            environment: {python: "3.11"}
            model: {task: regression, label: y}
            """;

    public static final String AGREEMENT = """
            apiVersion: millwright/v1
            kind: Agreement
            model: delays
            window: month
            performance: {metric: skill, at-least: 0.2, min-labels: 100}
            drift: {method: psi, warn: 0.1, alert: 0.25, columns-share: 0.5}
            estimate: false
            retrain: {pipeline: train, on: [performance], windows: {of: 2, broken: 1}, cool-down: 28d, min-new-labels: 200}
            investigate: mia
            """;

    static final Reference REFERENCE = reference();

    public final Database database;
    public final Clock clock;
    public final Ids ids;
    public final Ledger ledger;
    public final Users users;
    public final Projects projects;
    public final Agreements agreements;
    public final Alerts alerts;
    public final Actor mia;
    public final Actor ana;
    public final Actor ben;
    public Monitor monitor;
    public Labels labels;
    public Retrainings retrainings;

    private final Reference reference;

    public Line(Database database, Path folder) {
        this(database, folder, true);
    }

    /** A line of another model. */
    public Line(Database database, Path folder, String project, Reference reference) {
        this(database, folder, true, project, reference);
    }

    /** @param fresh whether to make the people and the project, or to find them */
    Line(Database database, Path folder, boolean fresh) {
        this(database, folder, fresh, PROJECT, REFERENCE);
    }

    public Line(Database database, Path folder, boolean fresh, Clock clock) {
        this(database, folder, fresh, PROJECT, REFERENCE, clock);
    }

    private Line(Database database, Path folder, boolean fresh, String project, Reference reference) {
        this(
                database,
                folder,
                fresh,
                project,
                reference,
                Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));
    }

    private Line(Database database, Path folder, boolean fresh, String project, Reference reference, Clock clock) {
        this.reference = reference;
        this.database = database;
        this.clock = clock;
        this.ids = new Ids(clock);
        ledger = new Ledger(
                database,
                clock,
                ids,
                NoteKey.open(folder.resolve("ledger.key"), "millwright"),
                new Witness(folder.resolve("ledger.checkpoint")));
        users = new Users(database, ledger, clock, ids);
        projects = new Projects(database, ledger, users, clock);
        agreements = new Agreements(database, ledger, users, projects, clock, ids);
        alerts = new Alerts(database, ledger, users.access(), clock, ids);
        ana = person("ana", Role.DATA_SCIENTIST, fresh);
        mia = person("mia", Role.ML_ENGINEER, fresh);
        ben = person("ben", Role.APPROVER, fresh);
        if (fresh) {
            projects.request(ana, project);
            projects.approve(ben, "delays", "fine");
            agree(AGREEMENT);
        }
        open(new MonitorSettings(50_000, Duration.ofHours(1), 1_000_000));
    }

    /** Opens monitoring as a server that was started does; nothing is stored by itself. */
    void open(MonitorSettings settings) {
        var references = new References((deployment, version) -> Optional.of(reference));
        monitor = new Monitor(database, ledger, users.access(), projects, alerts, references, settings, clock, ids);
        retrainings = new Retrainings(database, ledger, projects, agreements, monitor, references, alerts, clock);
        labels = new Labels(database, ledger, users.access(), monitor, clock, ids);
    }

    /** Puts an agreement in force. */
    public void agree(String text) {
        agreements.propose(ana, text);
        agreements.accept(mia, "delays", Optional.empty());
    }

    private Actor person(String name, Role role, boolean fresh) {
        if (fresh) {
            users.add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(role), null);
        }
        return new Actor(users.get(name).id(), name, Actor.Kind.PERSON, true, Set.of(role), Optional.empty());
    }

    /** Made-up rows of a month. */
    public record Rows(Frame inputs, double[] predictions, double[] outcomes, String[] ids, long[] times) {}

    /**
     * Rows spread over a month.
     *
     * @param month such as {@code 2013-08}
     * @param shift added to every {@code x}
     * @param wrong how much of the truth the model misses: 0 nothing, 1 all
     */
    public static Rows rows(String month, int count, double shift, double wrong) {
        var random = new Random(month.hashCode());
        long start = time(month);
        var x = new double[count];
        var carrier = new String[count];
        var predictions = new double[count];
        var outcomes = new double[count];
        var ids = new String[count];
        var times = new long[count];
        for (int i = 0; i < count; i++) {
            x[i] = random.nextGaussian() + shift;
            carrier[i] = "c" + Math.min(5, (int) Math.abs(random.nextGaussian() * 3));
            outcomes[i] = 3 * x[i] + random.nextGaussian();
            predictions[i] = 3 * x[i] * (1 - wrong);
            ids[i] = month + "-" + i;
            times[i] = start + i * (27L * 24 * 3600_000 / count);
        }
        Frame inputs =
                Frame.of(count).doubles("x", x).strings("carrier", carrier).build();
        return new Rows(inputs, predictions, outcomes, ids, times);
    }

    private static Reference reference() {
        Rows rows = rows("2013-01", 5_000, 0, 0);
        return Reference.of(rows.inputs(), rows.predictions(), rows.outcomes(), time("2013-01"), time("2013-06") - 1);
    }

    public static long time(String month) {
        return Instant.parse(month + "-01T00:00:00Z").toEpochMilli();
    }

    public Scored scored(Rows rows, String version) {
        return new Scored(
                DEPLOYMENT,
                "delays",
                "delays",
                version,
                clock.millis(),
                rows.inputs(),
                rows.predictions(),
                rows.ids(),
                rows.times());
    }

    /** A month of answers, of outcomes, and the word that it is over. */
    public void month(String month, String next, String version, double shift, double wrong) {
        Rows rows = rows(month, 400, shift, wrong);
        monitor.answered(scored(rows, version));
        labels.receive(ana, DEPLOYMENT, labels(rows));
        monitor.announce(ana, DEPLOYMENT, time(next));
    }

    static List<Label> labels(Rows rows) {
        return IntStream.range(0, rows.ids().length)
                .mapToObj(i -> new Label(rows.ids()[i], rows.outcomes()[i], rows.times()[i] + 3600_000))
                .toList();
    }

    List<WindowState> windows() {
        return database.read(() -> new WindowStore(database).windows(DEPLOYMENT));
    }

    List<Judgement> judgements(Clause clause) {
        return database.read(() -> new JudgementStore(database).all(DEPLOYMENT)).stream()
                .filter(judgement -> judgement.clause().equals(clause))
                .toList();
    }

    public Ledger ledger() {
        return ledger;
    }

    /** Actions of the ledger on the deployment. */
    public List<String> actions() {
        return ledger.about("deployment:" + DEPLOYMENT).stream()
                .map(Entry::action)
                .toList();
    }
}
