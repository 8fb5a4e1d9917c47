package org.millwright.notification;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.alert.Clause;
import org.millwright.alert.Raised;
import org.millwright.egress.Destinations;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;
import org.millwright.project.Agreements;
import org.millwright.project.Projects;

/** Everything that telling of alerts takes, with two projects, people, and a clock that is set. */
final class Desk implements AutoCloseable {
    private static final String PROJECT = """
            apiVersion: millwright/v1
            kind: Project
            name: %s
            purpose: Shows how alerts are sent.
            owner: ana
            risk-tier: low
            data: []
            members: {%s: [ml-engineer]}
            environment: {python: "3.11"}
            model: {task: regression, label: y}
            """;

    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T12:00:00Z"));
    final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    final Database database;
    final Ids ids = new Ids(clock);
    final Ledger ledger;
    final Users users;
    final Alerts alerts;
    final Projects projects;
    final Silences silences;
    final List<Mailer.Mail> mails = new ArrayList<>();
    final Actor ana;
    final Actor mia;
    final Actor leo;
    final Actor ops;
    private final Path folder;
    NotificationSettings settings;
    Channels channels;
    Notifications notifications;
    Deliverer deliverer;

    Desk(Database database, Path folder, boolean fresh) {
        this.database = database;
        this.folder = folder;
        ledger = TestLedger.open(database, clock, ids, folder);
        users = new Users(database, ledger, clock, ids);
        alerts = new Alerts(database, ledger, users.access(), clock, ids);
        projects = new Projects(database, ledger, users, clock);
        ana = person("ana", fresh, Role.DATA_SCIENTIST);
        mia = person("mia", fresh);
        leo = person("leo", fresh);
        ops = person("ops", fresh, Role.OPERATIONS);
        Actor ben = person("ben", fresh, Role.APPROVER);
        if (fresh) {
            projects.request(ana, PROJECT.formatted("delays", "mia"));
            projects.request(ana, PROJECT.formatted("fares", "leo"));
            projects.approve(ben, "delays", "fine");
            projects.approve(ben, "fares", "fine");
        }
        silences = new Silences(database, ledger, users.access(), deployment -> "delays", clock, ids);
        open(new NotificationSettings(
                Optional.of("https://ml.example.org"),
                new Destinations(Set.of("127.0.0.1")),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                4,
                Duration.ofSeconds(15)));
    }

    /** Opens the rooms as a server that was started does; nothing is sent by itself. */
    void open(NotificationSettings chosen) {
        settings = chosen;
        channels = new Channels(
                database,
                ledger,
                users.access(),
                projects,
                chosen,
                (server, mail) -> mails.add(mail),
                () -> "http://127.0.0.1:5000",
                folder.resolve("channels.key"),
                clock,
                ids);
        notifications = new Notifications(
                database, ledger, users.access(), projects, alerts, channels, silences, chosen, clock, ids);
        deliverer = new Deliverer(database, ledger, users, alerts, channels, notifications, chosen, clock);
    }

    private Actor person(String name, boolean fresh, Role... roles) {
        if (fresh) {
            users.add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(roles), null);
        }
        return new Actor(users.get(name).id(), name, Actor.Kind.PERSON, true, Set.of(roles), Optional.empty());
    }

    Channel webhook(String name, String url) {
        return add(name, new Target.Webhook(url, "a secret"), Route.ALL, Duration.ZERO, "");
    }

    Channel add(String name, Target target, Route route, Duration after, String quiet) {
        return channels.add(
                mia, new Channels.Request(name, Optional.of("delays"), target, route, after, QuietHours.parse(quiet)));
    }

    /** Puts an agreement of project delays in force. */
    void agree(String rest) {
        var agreements = new Agreements(database, ledger, users, projects, clock, ids);
        agreements.propose(ana, """
                apiVersion: millwright/v1
                kind: Agreement
                model: delays
                """ + rest);
        agreements.accept(mia, "delays", Optional.empty());
    }

    /** Raises an alert of project delays and looks at it, as the reaction does. */
    Alert raise(String deployment, Clause clause) {
        Alert alert = Raised.raise(database, ledger, ids, clock, "delays", deployment, clause);
        notifications.look(alert.id());
        return alert;
    }

    void acknowledge(Alert alert) {
        alerts.acknowledge(mia, alert.id(), "looking");
        notifications.look(alert.id());
    }

    void resolve(Alert alert) {
        alerts.resolve(mia, alert.id(), "the feed was broken");
        notifications.look(alert.id());
    }

    /** Lets time pass and sends what is due then. */
    void after(Duration time) {
        now.updateAndGet(before -> before.plus(time));
        turn();
    }

    void turn() {
        try {
            deliverer.turn();
            deliverer.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    List<String> actions(String subject) {
        return ledger.about(subject).stream().map(Entry::action).toList();
    }

    @Override
    public void close() {
        database.close();
    }
}
