package org.millwright.notification;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.alert.Subject;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;
import org.millwright.notification.Notice.Event;
import org.millwright.project.Agreement;
import org.millwright.project.Projects;

/**
 * Notes which channel is to be told what of which alert, once each, and gathers it into deliveries.
 *
 * <p>It goes by how things stand, not by what was heard: asked again, also after a kill, it adds only what is missing.
 */
public final class Notifications {
    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Projects projects;
    private final Alerts alerts;
    private final Channels channels;
    private final Silences silences;
    private final NotificationSettings settings;
    private final Clock clock;
    private final Ids ids;
    private final NoticeStore store;

    public Notifications(
            Database database,
            Ledger ledger,
            Access access,
            Projects projects,
            Alerts alerts,
            Channels channels,
            Silences silences,
            NotificationSettings settings,
            Clock clock,
            Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.projects = projects;
        this.alerts = alerts;
        this.channels = channels;
        this.silences = silences;
        this.settings = settings;
        this.clock = clock;
        this.ids = ids;
        this.store = new NoticeStore(database);
    }

    /** How an alert stands with those who are told of it. */
    public record Standing(Optional<Silence> silenced, boolean escalated, List<Told> told) {
        /** Nobody was told. */
        public static final Standing NONE = new Standing(Optional.empty(), false, List.of());

        public Standing {
            told = List.copyOf(told);
        }

        /** The channels that got something about it. */
        public List<String> sentTo() {
            return told.stream()
                    .filter(one -> one.state().equals("sent"))
                    .map(Told::channel)
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    /** Whether it cannot be told at the moment, of each channel by name. */
    public Map<String, Boolean> failing() {
        return database.read(channels.store()::live).stream()
                .collect(Collectors.toMap(
                        Channel::name, channel -> channel.failing().isPresent()));
    }

    public Standing of(Actor by, Alert alert) {
        return of(by, List.of(alert)).getOrDefault(alert.id(), Standing.NONE);
    }

    /** The same for many, by the alerts' ids. */
    public Map<String, Standing> of(Actor by, List<Alert> about) {
        about.stream().map(Alert::project).distinct().forEach(project -> access.require(by, Permission.READ, project));
        List<Silence> quiet = silences.recent();
        Map<String, List<Told>> told = new HashMap<>();
        database.read(() -> store.told(about.stream().map(Alert::id).toList()))
                .forEach(one -> told.computeIfAbsent(one.alertId(), any -> new ArrayList<>())
                        .add(one));
        Map<String, Standing> standings = new HashMap<>();
        for (Alert alert : about) {
            List<Told> its = told.getOrDefault(alert.id(), List.of());
            standings.put(
                    alert.id(),
                    new Standing(
                            alert.isOpen() ? silences.over(alert, quiet) : Optional.empty(),
                            its.stream().anyMatch(one -> one.event().equals(Event.ESCALATED.text())),
                            its));
        }
        return standings;
    }

    /** Notes what an alert that changed asks for; a second time notes nothing. */
    public void look(String alertId) {
        Alert alert = alerts.get(Actor.SYSTEM, alertId);
        List<Channel> all = database.read(channels.store()::live);
        if (!all.isEmpty()) {
            note(alert, missing(alert, all, known(List.of(alert)), silences.recent()), all);
        }
    }

    /** Notes what time brought: escalations, and what was missed. Then gathers what is to be sent now. */
    void turn() {
        List<Channel> all = database.read(channels.store()::live);
        if (all.isEmpty()) {
            return;
        }
        List<Silence> quiet = silences.recent();
        List<Alert> looked = unended(all);
        List<Notice> known = known(looked);
        for (Alert alert : looked) {
            List<Notice> its = known.stream()
                    .filter(notice -> notice.alertId().equals(alert.id()))
                    .toList();
            note(alert, missing(alert, all, its, quiet), all);
        }
        gather(all, quiet);
    }

    private List<Notice> missing(Alert alert, List<Channel> all, List<Notice> known, List<Silence> quiet) {
        Optional<Duration> within =
                projects.agreement(alert.project()).map(Agreement::investigate).flatMap(Agreement.Investigate::within);
        return Plan.missing(alert, all, known, quiet, within, clock.millis());
    }

    /** Alerts that an Alertmanager is to be told again: it heard of them, and they are open and not silenced. */
    List<Alert> firing(Channel channel) {
        List<Silence> quiet = silences.recent();
        return database.read(() -> store.heard(channel.id())).stream()
                .map(id -> alerts.get(Actor.SYSTEM, id))
                .filter(alert -> alert.isOpen() && !Plan.isSilenced(alert, quiet, clock.millis()))
                .toList();
    }

    private List<Alert> unended(List<Channel> all) {
        var found = new HashMap<String, Alert>();
        alerts.list(Actor.SYSTEM, Optional.empty(), Optional.empty(), true)
                .forEach(alert -> found.put(alert.id(), alert));
        database.read(() -> store.unended(all.stream().map(Channel::id).toList()))
                .forEach(id -> found.computeIfAbsent(id, missing -> alerts.get(Actor.SYSTEM, missing)));
        return List.copyOf(found.values());
    }

    private List<Notice> known(List<Alert> about) {
        return database.read(() -> store.about(about.stream().map(Alert::id).toList()));
    }

    private void note(Alert alert, List<Notice> missing, List<Channel> all) {
        if (missing.isEmpty()) {
            return;
        }
        database.write(() -> {
            var escalated = new ArrayList<String>();
            for (Notice notice : missing) {
                if (store.insert(notice) && notice.event() == Event.ESCALATED) {
                    all.stream()
                            .filter(channel -> channel.id().equals(notice.channelId()))
                            .forEach(channel -> escalated.add(channel.name()));
                }
            }
            if (!escalated.isEmpty()) {
                ObjectNode details = Json.object();
                details.set("channels", Json.tree(escalated));
                ledger.append(Actor.SYSTEM, "alert.escalated", alert.subjects(), details);
            }
        });
    }

    /** Makes a delivery of what waits for the same channel about the same subject. */
    private void gather(List<Channel> all, List<Silence> quiet) {
        List<Notice> waiting = database.read(store::waiting);
        if (waiting.isEmpty()) {
            return;
        }
        Map<String, Alert> about = new HashMap<>();
        waiting.forEach(notice -> about.computeIfAbsent(notice.alertId(), id -> alerts.get(Actor.SYSTEM, id)));
        List<Delivery> pending = database.read(store::pending);
        for (Channel channel : all) {
            List<Notice> its = waiting.stream()
                    .filter(notice -> notice.channelId().equals(channel.id()))
                    .toList();
            its.stream().map(Notice::subject).distinct().forEach(subject -> {
                boolean under = pending.stream()
                        .anyMatch(delivery -> delivery.channelId().equals(channel.id())
                                && delivery.subject().equals(subject));
                if (!under) {
                    group(
                            channel,
                            subject,
                            its.stream()
                                    .filter(notice -> notice.subject().equals(subject))
                                    .toList(),
                            about,
                            quiet);
                }
            });
        }
    }

    private void group(
            Channel channel, Subject subject, List<Notice> its, Map<String, Alert> about, List<Silence> quiet) {
        long now = clock.millis();
        var sent = new ArrayList<Notice>();
        for (Notice notice : its) {
            Alert alert = about.computeIfAbsent(notice.alertId(), id -> alerts.get(Actor.SYSTEM, id));
            boolean silenced = Plan.isSilenced(alert, quiet, now);
            if (isMoot(alert, its, silenced)) {
                database.write(() -> store.drop(alert.id(), channel.id()));
            } else if (!silenced) {
                sent.add(notice);
            }
        }
        boolean waits = channel.quiet().filter(hours -> hours.holds(now)).isPresent();
        if (sent.isEmpty()
                || waits
                || sent.getFirst().notedAt() + settings.gather().toMillis() > now) {
            return;
        }
        var delivery = new Delivery(
                ids.next(),
                channel.id(),
                channel.name(),
                subject,
                Delivery.State.PENDING,
                0,
                now,
                Optional.empty(),
                now,
                Optional.empty(),
                List.of());
        database.write(() -> store.deliver(delivery, sent));
    }

    /** Whether a channel that has not heard of the alert need not: it came and went in silence, or was acknowledged in time. */
    private static boolean isMoot(Alert alert, List<Notice> waiting, boolean silenced) {
        return waiting.stream()
                .filter(notice ->
                        notice.alertId().equals(alert.id()) && notice.event().first())
                .anyMatch(notice -> notice.event() == Event.ESCALATED
                        ? alert.state() != Alert.State.OPEN
                        : silenced && !alert.isOpen());
    }
}
