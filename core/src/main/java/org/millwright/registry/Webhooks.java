package org.millwright.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Pattern;
import org.millwright.egress.SecretBox;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Page;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.tracking.Names;
import org.millwright.tracking.PageToken;

/** Keeps the addresses that are told of the registry's events, and tells them. Only operators see or change them. */
public final class Webhooks implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final int MAX_PAGE = 1_000;

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Clock clock;
    private final WebhookPolicy policy;
    private final WebhookStore store;
    private final SecretBox box;
    private final Deliveries deliveries;

    /** @param key file with the key that the secrets are kept with; made when it is not there */
    public Webhooks(
            Database database,
            Ledger ledger,
            Access access,
            Models models,
            WebhookPolicy policy,
            Path key,
            Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.clock = clock;
        this.policy = policy;
        this.store = new WebhookStore(database);
        this.box = SecretBox.open(key);
        this.deliveries = new Deliveries(database, ledger, clock, store, policy, box);
        models.tell(deliveries);
    }

    /** Begins with what was not delivered before the last stop. */
    public void start() {
        deliveries.start();
    }

    /** What may be said of a webhook; absent stays as it is. */
    public record Change(
            Optional<String> name,
            Optional<String> url,
            List<WebhookEvent> events,
            Optional<String> description,
            Optional<String> secret,
            Optional<Boolean> active) {
        public Change {
            events = List.copyOf(new LinkedHashSet<>(events));
        }
    }

    public Webhook create(Actor by, Change asked) {
        access.require(by, Permission.OPERATE);
        check(asked);
        if (asked.events().isEmpty()) {
            throw new Problem.Invalid("Webhook events must be a non-empty list of WebhookEvent objects: [].");
        }
        long now = clock.millis();
        var webhook = new Webhook(
                UUID.randomUUID().toString(),
                asked.name().orElseThrow(),
                asked.url().orElseThrow(),
                asked.description(),
                asked.events(),
                asked.active().orElse(true),
                now,
                now);
        return database.write(() -> {
            store.insert(webhook, asked.secret().map(box::close).orElse(null));
            ledger.append(by, "webhook.created", subject(webhook), details(webhook));
            return webhook;
        });
    }

    public Webhook update(Actor by, String id, Change asked) {
        access.require(by, Permission.OPERATE);
        check(asked);
        return database.write(() -> {
            Webhook before = require(id);
            var webhook = new Webhook(
                    id,
                    asked.name().orElse(before.name()),
                    asked.url().orElse(before.url()),
                    asked.description().or(before::description),
                    asked.events().isEmpty() ? before.events() : asked.events(),
                    asked.active().orElse(before.active()),
                    before.createdAt(),
                    Math.max(clock.millis(), before.updatedAt() + 1));
            store.update(webhook);
            asked.secret().ifPresent(secret -> store.setSecret(id, box.close(secret)));
            ledger.append(by, "webhook.updated", subject(webhook), details(webhook));
            return webhook;
        });
    }

    public void delete(Actor by, String id) {
        access.require(by, Permission.OPERATE);
        database.write(() -> {
            Webhook webhook = require(id);
            store.delete(id);
            ledger.append(by, "webhook.deleted", subject(webhook), details(webhook));
        });
    }

    public Webhook get(Actor by, String id) {
        access.require(by, Permission.OPERATE);
        return database.read(() -> require(id));
    }

    /** In the order of their making; {@code limit} is 1 to 1000. */
    public Page<Webhook> list(Actor by, int limit, String token) {
        access.require(by, Permission.OPERATE);
        if (limit < 1 || limit > MAX_PAGE) {
            throw new Problem.Invalid("Invalid value " + limit
                    + " for parameter 'max_results' supplied. It must be between 1 and " + MAX_PAGE);
        }
        int offset = PageToken.offset(token);
        return database.read(() -> PageToken.page(store.page(offset, limit + 1), offset, limit));
    }

    /** What came of a trial. */
    public record Trial(boolean success, OptionalInt status, String body, String error) {}

    /** Sends an example of the event, or of the first one that the webhook is told of. */
    public Trial test(Actor by, String id, Optional<WebhookEvent> event) {
        Webhook webhook = get(by, id);
        try {
            var answer = deliveries.trial(webhook, event.orElse(webhook.events().getFirst()));
            return new Trial(answer.status() < 400, OptionalInt.of(answer.status()), answer.body(), "");
        } catch (IOException | Problem.Invalid e) {
            return new Trial(false, OptionalInt.empty(), "", "Failed to test webhook: " + e);
        }
    }

    private void check(Change asked) {
        asked.name().ifPresent(name -> {
            if (!NAME.matcher(name).matches()) {
                throw new Problem.Invalid(
                        "Webhook name '" + Names.shortened(name).replace('\0', ' ')
                                + "' is invalid. It must start and end with a letter or digit, be less than 63 characters long, and"
                                + " contain only letters, digits, dots (.), underscores (_), and hyphens (-).");
            }
        });
        asked.description().ifPresent(text -> Names.requireLength("description", text, 1_000));
        asked.secret().ifPresent(text -> Names.requireLength("secret", text, 1_000));
        asked.url().ifPresent(policy::requireUrl);
    }

    private Webhook require(String id) {
        return store.find(id)
                .orElseThrow(() -> new Problem.NotFound(
                        "Webhook with ID " + Names.shortened(id).replace('\0', ' ') + " not found."));
    }

    private static String subject(Webhook webhook) {
        return "webhook:" + webhook.id();
    }

    /** Without the URL itself, which often holds a secret. */
    private static ObjectNode details(Webhook webhook) {
        return Json.object()
                .put("name", webhook.name())
                .put("url", Json.sha256(webhook.url().getBytes(StandardCharsets.UTF_8)))
                .put(
                        "events",
                        webhook.events().stream()
                                .map(WebhookEvent::text)
                                .toList()
                                .toString())
                .put("active", webhook.active());
    }

    @Override
    public void close() throws InterruptedException {
        deliveries.close();
    }
}
