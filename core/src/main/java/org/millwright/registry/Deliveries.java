package org.millwright.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.millwright.egress.HttpPost;
import org.millwright.egress.SecretBox;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells webhooks what happened: noted in the transaction of the event, sent after it, and kept until a webhook took it or
 * the tries are used up. A kill between the two loses nothing; one in mid-delivery may deliver twice, with the same id.
 */
final class Deliveries implements RegistryListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final int TOGETHER = 8;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final Set<Integer> TRY_AGAIN = Set.of(429, 500, 502, 503, 504);

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final WebhookStore store;
    private final WebhookSender sender;
    private final WebhookPolicy policy;
    private final SecretBox box;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final Semaphore places = new Semaphore(TOGETHER);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread = Thread.ofVirtual().name("webhooks").unstarted(this::loop);
    private boolean news = true;
    private volatile boolean closed;

    Deliveries(Database database, Ledger ledger, Clock clock, WebhookStore store, WebhookPolicy policy, SecretBox box) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.store = store;
        this.policy = policy;
        this.sender = new WebhookSender(policy);
        this.box = box;
    }

    void start() {
        thread.start();
    }

    @Override
    public void happened(WebhookEvent event, ObjectNode data) {
        List<Webhook> told = store.active().stream()
                .filter(webhook -> webhook.events().contains(event))
                .toList();
        if (told.isEmpty()) {
            return;
        }
        long now = clock.millis();
        String body = body(event, data);
        for (Webhook webhook : told) {
            String id = UUID.randomUUID().toString();
            store.insert(new WebhookStore.Delivery(id, webhook.id(), event.text(), body, 0, now), now);
        }
        database.afterCommit(this::signal);
    }

    private String body(WebhookEvent event, ObjectNode data) {
        ObjectNode body = Json.object()
                .put("entity", event.entity().text())
                .put("action", event.action().text())
                .put("timestamp", clock.instant().toString());
        body.set("data", data);
        return Json.write(body);
    }

    /** Sends an example of the event at once, and only once. */
    HttpPost.Answer trial(Webhook webhook, WebhookEvent event) throws IOException {
        String body = body(event, Announcements.example(event));
        return sender.send(webhook.url(), body, UUID.randomUUID().toString(), seconds(), secret(webhook.id()));
    }

    private void loop() {
        try {
            while (!closed) {
                await(startDue());
            }
        } catch (InterruptedException e) {
            // Closed while waiting.
        }
    }

    /** Starts what is due, as far as there are places, and tells how long nothing else will be. */
    private Duration startDue() throws InterruptedException {
        while (!closed) {
            places.acquire();
            Optional<WebhookStore.Delivery> next = next();
            long wait = next.map(delivery -> delivery.dueAt() - clock.millis()).orElse(LONGEST_WAIT.toMillis());
            if (wait > 0) {
                places.release();
                return Duration.ofMillis(Math.min(wait, LONGEST_WAIT.toMillis()));
            }
            WebhookStore.Delivery due = next.orElseThrow();
            underWay.add(due.id());
            Thread.ofVirtual().name("webhook-delivery").start(() -> {
                try {
                    deliver(due);
                } catch (RuntimeException e) {
                    LOG.warn("Delivery {} failed", due.id(), e);
                } finally {
                    underWay.remove(due.id());
                    places.release();
                    signal();
                }
            });
        }
        return Duration.ZERO;
    }

    private Optional<WebhookStore.Delivery> next() {
        try {
            return database.read(() -> store.next(underWay, 1)).stream().findFirst();
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.warn("Webhook deliveries cannot be read", e);
            }
            return Optional.empty();
        }
    }

    private void await(Duration most) throws InterruptedException {
        lock.lock();
        try {
            if (!news && !closed) {
                boolean told = changed.await(Math.max(1, most.toMillis()), TimeUnit.MILLISECONDS);
                LOG.trace("Woken by {}", told ? "news" : "the clock");
            }
            news = false;
        } finally {
            lock.unlock();
        }
    }

    void signal() {
        lock.lock();
        try {
            news = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void deliver(WebhookStore.Delivery delivery) {
        Optional<Webhook> webhook = database.read(() -> store.find(delivery.webhookId()));
        if (webhook.isEmpty()) {
            database.write(() -> store.deleteDelivery(delivery.id()));
            return;
        }
        try {
            var answer = sender.send(
                    webhook.get().url(), delivery.body(), delivery.id(), seconds(), secret(delivery.webhookId()));
            if (TRY_AGAIN.contains(answer.status())) {
                failed(delivery, "answered " + answer.status(), answer.retryAfter());
            } else if (answer.status() < 300) {
                database.write(() -> store.deleteDelivery(delivery.id()));
            } else {
                giveUp(delivery, "answered " + answer.status());
            }
        } catch (IOException e) {
            failed(delivery, e.toString(), Optional.empty());
        } catch (Problem.Invalid e) {
            giveUp(delivery, String.valueOf(e.getMessage()));
        } catch (IllegalStateException e) {
            failed(delivery, e.toString(), Optional.empty());
        }
    }

    private void failed(WebhookStore.Delivery delivery, String why, Optional<Duration> wait) {
        int tries = delivery.tries() + 1;
        if (tries > policy.retries()) {
            giveUp(delivery, why);
            return;
        }
        long due = clock.millis() + wait.orElse(policy.pause(tries)).toMillis();
        database.write(() -> store.postpone(delivery.id(), tries, due));
    }

    private void giveUp(WebhookStore.Delivery delivery, String why) {
        LOG.warn("Webhook {} was not told of {}: {}", delivery.webhookId(), delivery.event(), why);
        database.write(() -> {
            store.deleteDelivery(delivery.id());
            ledger.append(
                    Actor.SYSTEM,
                    "webhook.delivery-failed",
                    List.of("webhook:" + delivery.webhookId()),
                    Json.object()
                            .put("delivery", delivery.id())
                            .put("event", delivery.event())
                            .put("error", why));
        });
    }

    private Optional<String> secret(String webhookId) {
        return database.read(() -> store.secret(webhookId)).map(box::open);
    }

    private long seconds() {
        return clock.millis() / 1_000;
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        signal();
        if (thread.getState() != Thread.State.NEW) {
            thread.interrupt();
            thread.join(Duration.ofSeconds(2));
        }
    }
}
