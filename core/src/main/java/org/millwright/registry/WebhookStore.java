package org.millwright.registry;

import static org.millwright.schema.Tables.WEBHOOK;
import static org.millwright.schema.Tables.WEBHOOK_DELIVERY;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** Webhooks and what is still to be delivered, in the database. */
final class WebhookStore {
    private final Database database;

    WebhookStore(Database database) {
        this.database = database;
    }

    void insert(Webhook webhook, @Nullable String secret) {
        database.dsl()
                .insertInto(WEBHOOK)
                .set(WEBHOOK.ID, webhook.id())
                .set(WEBHOOK.NAME, webhook.name())
                .set(WEBHOOK.URL, webhook.url())
                .set(WEBHOOK.DESCRIPTION, webhook.description().orElse(null))
                .set(WEBHOOK.EVENTS, events(webhook))
                .set(WEBHOOK.ACTIVE, webhook.active() ? 1 : 0)
                .set(WEBHOOK.SECRET, secret)
                .set(WEBHOOK.CREATED_AT, webhook.createdAt())
                .set(WEBHOOK.UPDATED_AT, webhook.updatedAt())
                .execute();
    }

    void update(Webhook webhook) {
        database.dsl()
                .update(WEBHOOK)
                .set(WEBHOOK.NAME, webhook.name())
                .set(WEBHOOK.URL, webhook.url())
                .set(WEBHOOK.DESCRIPTION, webhook.description().orElse(null))
                .set(WEBHOOK.EVENTS, events(webhook))
                .set(WEBHOOK.ACTIVE, webhook.active() ? 1 : 0)
                .set(WEBHOOK.UPDATED_AT, webhook.updatedAt())
                .where(WEBHOOK.ID.eq(webhook.id()))
                .execute();
    }

    void setSecret(String id, String secret) {
        database.dsl()
                .update(WEBHOOK)
                .set(WEBHOOK.SECRET, secret)
                .where(WEBHOOK.ID.eq(id))
                .execute();
    }

    void delete(String id) {
        database.dsl().deleteFrom(WEBHOOK).where(WEBHOOK.ID.eq(id)).execute();
        database.dsl()
                .deleteFrom(WEBHOOK_DELIVERY)
                .where(WEBHOOK_DELIVERY.WEBHOOK_ID.eq(id))
                .execute();
    }

    Optional<Webhook> find(String id) {
        return database.dsl().selectFrom(WEBHOOK).where(WEBHOOK.ID.eq(id)).fetchOptional(WebhookStore::webhook);
    }

    Optional<String> secret(String id) {
        return database.dsl()
                .select(WEBHOOK.SECRET)
                .from(WEBHOOK)
                .where(WEBHOOK.ID.eq(id))
                .fetchOptional(WEBHOOK.SECRET);
    }

    /** In the order of their making. */
    List<Webhook> page(int offset, int limit) {
        return database.dsl()
                .selectFrom(WEBHOOK)
                .orderBy(WEBHOOK.CREATED_AT, WEBHOOK.ID)
                .limit(limit)
                .offset(offset)
                .fetch(WebhookStore::webhook);
    }

    List<Webhook> active() {
        return database.dsl().selectFrom(WEBHOOK).where(WEBHOOK.ACTIVE.eq(1)).fetch(WebhookStore::webhook);
    }

    /** Something to tell a webhook, and how often it was tried. */
    record Delivery(String id, String webhookId, String event, String body, int tries, long dueAt) {}

    void insert(Delivery delivery, long now) {
        database.dsl()
                .insertInto(WEBHOOK_DELIVERY)
                .set(WEBHOOK_DELIVERY.ID, delivery.id())
                .set(WEBHOOK_DELIVERY.WEBHOOK_ID, delivery.webhookId())
                .set(WEBHOOK_DELIVERY.EVENT, delivery.event())
                .set(WEBHOOK_DELIVERY.BODY, delivery.body())
                .set(WEBHOOK_DELIVERY.TRIES, delivery.tries())
                .set(WEBHOOK_DELIVERY.DUE_AT, delivery.dueAt())
                .set(WEBHOOK_DELIVERY.CREATED_AT, now)
                .execute();
    }

    void postpone(String id, int tries, long dueAt) {
        database.dsl()
                .update(WEBHOOK_DELIVERY)
                .set(WEBHOOK_DELIVERY.TRIES, tries)
                .set(WEBHOOK_DELIVERY.DUE_AT, dueAt)
                .where(WEBHOOK_DELIVERY.ID.eq(id))
                .execute();
    }

    void deleteDelivery(String id) {
        database.dsl()
                .deleteFrom(WEBHOOK_DELIVERY)
                .where(WEBHOOK_DELIVERY.ID.eq(id))
                .execute();
    }

    /** What comes next, due or not, less what is under way. */
    List<Delivery> next(Collection<String> underWay, int limit) {
        return database.dsl()
                .selectFrom(WEBHOOK_DELIVERY)
                .where(WEBHOOK_DELIVERY.ID.notIn(underWay))
                .orderBy(WEBHOOK_DELIVERY.DUE_AT, WEBHOOK_DELIVERY.ID)
                .limit(limit)
                .fetch(row -> new Delivery(
                        row.get(WEBHOOK_DELIVERY.ID),
                        row.get(WEBHOOK_DELIVERY.WEBHOOK_ID),
                        row.get(WEBHOOK_DELIVERY.EVENT),
                        row.get(WEBHOOK_DELIVERY.BODY),
                        row.get(WEBHOOK_DELIVERY.TRIES),
                        row.get(WEBHOOK_DELIVERY.DUE_AT)));
    }

    private static String events(Webhook webhook) {
        return Json.write(webhook.events().stream().map(WebhookEvent::text).toList());
    }

    private static Webhook webhook(Record row) {
        return new Webhook(
                row.get(WEBHOOK.ID),
                row.get(WEBHOOK.NAME),
                row.get(WEBHOOK.URL),
                Optional.ofNullable(row.get(WEBHOOK.DESCRIPTION)),
                Json.read(row.get(WEBHOOK.EVENTS), new TypeReference<List<String>>() {}).stream()
                        .map(WebhookEvent::read)
                        .toList(),
                row.get(WEBHOOK.ACTIVE) == 1,
                row.get(WEBHOOK.CREATED_AT),
                row.get(WEBHOOK.UPDATED_AT));
    }
}
