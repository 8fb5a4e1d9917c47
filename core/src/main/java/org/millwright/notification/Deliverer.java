package org.millwright.notification;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends deliveries, one after the other to each channel and to all channels at once, until they are taken or the tries are
 * used up. A kill between two of them loses nothing; one in the middle may send again, with the same id.
 */
public final class Deliverer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deliverer.class);
    private static final Duration TURN = Duration.ofSeconds(5);

    private final Database database;
    private final Ledger ledger;
    private final Alerts alerts;
    private final Channels channels;
    private final Notifications notifications;
    private final Users users;
    private final NotificationSettings settings;
    private final Clock clock;
    private final NoticeStore store;
    private final Map<String, Thread> busy = new ConcurrentHashMap<>();
    private final Map<String, Long> fired = new HashMap<>();
    private final ReentrantLock turning = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread = Thread.ofVirtual().name("notifications").unstarted(this::loop);
    private boolean news;
    private volatile boolean closed;

    public Deliverer(
            Database database,
            Ledger ledger,
            Users users,
            Alerts alerts,
            Channels channels,
            Notifications notifications,
            NotificationSettings settings,
            Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.users = users;
        this.alerts = alerts;
        this.channels = channels;
        this.notifications = notifications;
        this.settings = settings;
        this.clock = clock;
        this.store = new NoticeStore(database);
    }

    /** Begins with what was not delivered before the last stop. */
    public void start() {
        thread.start();
    }

    /** Looks now whether there is something to send. */
    public void signal() {
        lock.lock();
        try {
            news = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Notes, gathers, and begins to send what is due. */
    void turn() {
        turning.lock();
        try {
            notifications.turn();
            refresh();
            // Before what is pending is read: who stops being busy in between has noted what became of it.
            Set<String> working = Set.copyOf(busy.keySet());
            Map<String, List<Delivery>> due = new HashMap<>();
            for (Delivery delivery : database.read(store::pending)) {
                if (delivery.dueAt() <= clock.millis() && !working.contains(delivery.channelId())) {
                    due.computeIfAbsent(delivery.channelId(), any -> new ArrayList<>())
                            .add(delivery);
                }
            }
            due.forEach((channel, its) -> begin(channel, () -> its.forEach(this::deliver)));
        } finally {
            turning.unlock();
        }
    }

    /** Waits until nothing is being sent. */
    void await() throws InterruptedException {
        for (Thread sending : List.copyOf(busy.values())) {
            sending.join();
        }
    }

    private void begin(String channel, Runnable work) {
        Thread sending = Thread.ofVirtual().unstarted(() -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.warn("Sending to channel {} failed; it will be tried again", channel, e);
            } finally {
                busy.remove(channel);
            }
        });
        busy.put(channel, sending);
        sending.start();
    }

    private void deliver(Delivery delivery) {
        if (closed) {
            return;
        }
        switch (channels.send(delivery.channelId(), message(delivery))) {
            case Sender.Outcome.Sent sent -> sent(delivery);
            case Sender.Outcome.Later later -> failed(delivery, later.why(), later.pause());
            case Sender.Outcome.Never never -> giveUp(delivery, never.why());
        }
    }

    private Message message(Delivery delivery) {
        List<Message.Item> items = database.read(() -> store.of(delivery.id())).stream()
                .map(notice -> item(alerts.get(Actor.SYSTEM, notice.alertId()), notice.event()))
                .toList();
        return new Message(
                delivery.id(),
                delivery.channel(),
                Optional.of(delivery.subject()),
                items,
                channels.base(),
                delivery.createdAt());
    }

    private Message.Item item(Alert alert, Notice.Event event) {
        Optional<Alert.Decision> decision = switch (event) {
            case RAISED, ESCALATED -> Optional.empty();
            case ACKNOWLEDGED -> alert.acknowledged();
            case RESOLVED -> alert.resolved();
        };
        return new Message.Item(
                alert,
                event,
                decision.map(made -> users.nameOf(made.by())).orElse(""),
                decision.map(Alert.Decision::note).orElse(""));
    }

    private void sent(Delivery delivery) {
        database.write(() -> {
            boolean first = store.settle(
                    delivery.id(), Delivery.State.SENT, delivery.tries() + 1, Optional.empty(), clock.millis());
            channels.store().works(delivery.channelId());
            if (first) {
                record("notification.sent", delivery, "");
            }
        });
    }

    private void failed(Delivery delivery, String why, Optional<Duration> wait) {
        int tries = delivery.tries() + 1;
        if (tries >= settings.tries()) {
            giveUp(delivery, why);
            return;
        }
        long now = clock.millis();
        database.write(() -> {
            store.postpone(
                    delivery.id(),
                    tries,
                    why,
                    now + wait.orElse(settings.pause(tries)).toMillis());
            channels.store().failing(delivery.channelId(), why, now);
        });
    }

    private void giveUp(Delivery delivery, String why) {
        LOG.warn("Channel {} was not told of {}: {}", delivery.channel(), delivery.told(), why);
        long now = clock.millis();
        database.write(() -> {
            boolean first =
                    store.settle(delivery.id(), Delivery.State.FAILED, delivery.tries() + 1, Optional.of(why), now);
            channels.store().failing(delivery.channelId(), why, now);
            if (first) {
                record("notification.failed", delivery, why);
            }
        });
    }

    private void record(String action, Delivery delivery, String error) {
        var subjects = new ArrayList<String>(
                List.of("channel:" + delivery.channel(), delivery.subject().ref()));
        store.of(delivery.id()).stream()
                .map(notice -> "alert:" + notice.alertId())
                .distinct()
                .forEach(subjects::add);
        var details = Json.object().put("delivery", delivery.id());
        details.set("told", Json.tree(delivery.told()));
        if (!error.isEmpty()) {
            details.put("error", error);
        }
        ledger.append(Actor.SYSTEM, action, subjects, details);
    }

    /** Tells each Alertmanager again what is still open, as it would else take it for resolved. */
    private void refresh() {
        for (Channel channel : database.read(channels.store()::live)) {
            long now = clock.millis();
            boolean early = now - fired.getOrDefault(channel.id(), 0L) < Firing.AGAIN.toMillis();
            if (channel.kind() != Channel.Kind.ALERTMANAGER || early || busy.containsKey(channel.id())) {
                continue;
            }
            fired.put(channel.id(), now);
            List<Message.Item> open = notifications.firing(channel).stream()
                    .map(alert -> item(alert, Notice.Event.RAISED))
                    .toList();
            if (!open.isEmpty()) {
                var message = new Message("again", channel.name(), Optional.empty(), open, channels.base(), now);
                begin(channel.id(), () -> refreshed(channel, channels.send(channel.id(), message)));
            }
        }
    }

    private void refreshed(Channel channel, Sender.Outcome outcome) {
        switch (outcome) {
            case Sender.Outcome.Sent sent -> {
                if (channel.failing().isPresent()) {
                    database.write(() -> channels.store().works(channel.id()));
                }
            }
            case Sender.Outcome.Later later -> failing(channel, later.why());
            case Sender.Outcome.Never never -> failing(channel, never.why());
        }
    }

    private void failing(Channel channel, String why) {
        database.write(() -> channels.store().failing(channel.id(), why, clock.millis()));
    }

    private void loop() {
        while (!closed) {
            try {
                turn();
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.warn("Alerts cannot be sent at the moment; it will be tried again", e);
                }
            }
            pause();
        }
    }

    private void pause() {
        lock.lock();
        try {
            if (!news && !closed) {
                boolean told = changed.await(TURN.toMillis(), TimeUnit.MILLISECONDS);
                LOG.trace("Woken by {}", told ? "news" : "the clock");
            }
            news = false;
        } catch (InterruptedException e) {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        signal();
        if (thread.getState() != Thread.State.NEW) {
            thread.join(Duration.ofSeconds(2));
        }
        for (Thread sending : List.copyOf(busy.values())) {
            sending.interrupt();
            sending.join(Duration.ofSeconds(1));
        }
    }
}
