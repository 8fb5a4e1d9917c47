package org.millwright.notification;

import static org.millwright.schema.Tables.CHANNEL;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** Channels in the database; one that was removed is kept without its secrets, for what it was told. */
final class ChannelStore {
    private final Database database;

    ChannelStore(Database database) {
        this.database = database;
    }

    /** Saves a new channel; false when there is one of that name. */
    boolean insert(Channel channel, String sealed) {
        return database.dsl()
                        .insertInto(CHANNEL)
                        .set(CHANNEL.ID, channel.id())
                        .set(CHANNEL.NAME, channel.name())
                        .set(CHANNEL.LIVE_KEY, channel.name())
                        .set(CHANNEL.PROJECT, channel.project().orElse(null))
                        .set(CHANNEL.KIND, channel.kind().name())
                        .set(CHANNEL.TARGET, channel.target())
                        .set(CHANNEL.SEALED, sealed)
                        .set(CHANNEL.ROUTE, Json.write(channel.route()))
                        .set(CHANNEL.ESCALATES_AFTER, channel.escalatesAfter().toMillis())
                        .set(
                                CHANNEL.QUIET,
                                channel.quiet().map(QuietHours::toString).orElse(""))
                        .set(CHANNEL.CREATED_AT, channel.createdAt())
                        .set(CHANNEL.CREATED_BY, channel.createdBy())
                        .onConflict(CHANNEL.LIVE_KEY)
                        .doNothing()
                        .execute()
                == 1;
    }

    void remove(String id) {
        database.dsl()
                .update(CHANNEL)
                .set(CHANNEL.LIVE_KEY, (String) null)
                .set(CHANNEL.SEALED, "")
                .set(CHANNEL.FAILING_SINCE, (Long) null)
                .where(CHANNEL.ID.eq(id))
                .execute();
    }

    /** Those that are told, by name. */
    List<Channel> live() {
        return database.dsl()
                .selectFrom(CHANNEL)
                .where(CHANNEL.LIVE_KEY.isNotNull())
                .orderBy(CHANNEL.NAME)
                .fetch(ChannelStore::channel);
    }

    Optional<Channel> find(String name) {
        return database.dsl()
                .selectFrom(CHANNEL)
                .where(CHANNEL.LIVE_KEY.eq(name))
                .fetchOptional(ChannelStore::channel);
    }

    /** Where a channel leads, as it is kept. */
    record Sealed(Channel.Kind kind, String text) {}

    /** Where it leads; empty when it was removed. */
    Optional<Sealed> sealed(String id) {
        return database.dsl()
                .select(CHANNEL.KIND, CHANNEL.SEALED)
                .from(CHANNEL)
                .where(CHANNEL.ID.eq(id).and(CHANNEL.LIVE_KEY.isNotNull()))
                .fetchOptional(row -> new Sealed(Channel.Kind.valueOf(row.get(CHANNEL.KIND)), row.get(CHANNEL.SEALED)));
    }

    /** Notes that it could not be told; the time of the first failure stays. */
    void failing(String id, String error, long now) {
        database.dsl()
                .update(CHANNEL)
                .set(CHANNEL.FAILING_SINCE, now)
                .where(CHANNEL.ID.eq(id).and(CHANNEL.FAILING_SINCE.isNull()))
                .execute();
        database.dsl()
                .update(CHANNEL)
                .set(CHANNEL.FAILURE, error)
                .where(CHANNEL.ID.eq(id))
                .execute();
    }

    void works(String id) {
        database.dsl()
                .update(CHANNEL)
                .set(CHANNEL.FAILING_SINCE, (Long) null)
                .set(CHANNEL.FAILURE, (String) null)
                .where(CHANNEL.ID.eq(id).and(CHANNEL.FAILING_SINCE.isNotNull()))
                .execute();
    }

    private static Channel channel(Record row) {
        return new Channel(
                row.get(CHANNEL.ID),
                row.get(CHANNEL.NAME),
                Optional.ofNullable(row.get(CHANNEL.PROJECT)),
                Channel.Kind.valueOf(row.get(CHANNEL.KIND)),
                row.get(CHANNEL.TARGET),
                Json.read(row.get(CHANNEL.ROUTE), Route.class),
                Duration.ofMillis(row.get(CHANNEL.ESCALATES_AFTER)),
                QuietHours.parse(row.get(CHANNEL.QUIET)),
                Optional.ofNullable(row.get(CHANNEL.FAILING_SINCE))
                        .map(since -> new Channel.Failing(
                                since,
                                Optional.ofNullable(row.get(CHANNEL.FAILURE)).orElse(""))),
                row.get(CHANNEL.CREATED_AT),
                row.get(CHANNEL.CREATED_BY));
    }
}
