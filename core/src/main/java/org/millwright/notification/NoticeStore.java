package org.millwright.notification;

import static org.millwright.schema.Tables.CHANNEL;
import static org.millwright.schema.Tables.NOTICE;
import static org.millwright.schema.Tables.NOTIFICATION_DELIVERY;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.impl.DSL;
import org.millwright.alert.Subject;
import org.millwright.kernel.Database;
import org.millwright.notification.Notice.Event;

/** What channels are to be told and the deliveries that tell it: each notice once, in one delivery at most. */
final class NoticeStore {
    private final Database database;

    NoticeStore(Database database) {
        this.database = database;
    }

    /** Saves a notice; false when there is one for the alert, event and channel. */
    boolean insert(Notice notice) {
        return database.dsl()
                        .insertInto(NOTICE)
                        .set(NOTICE.ALERT_ID, notice.alertId())
                        .set(NOTICE.EVENT, notice.event().name())
                        .set(NOTICE.CHANNEL_ID, notice.channelId())
                        .set(NOTICE.SUBJECT, notice.subject().ref())
                        .set(NOTICE.NOTED_AT, notice.notedAt())
                        .set(NOTICE.IS_WAITING, 1)
                        .onConflict(NOTICE.ALERT_ID, NOTICE.EVENT, NOTICE.CHANNEL_ID)
                        .doNothing()
                        .execute()
                == 1;
    }

    List<Notice> about(Collection<String> alerts) {
        return notices(NOTICE.ALERT_ID.in(alerts));
    }

    List<Notice> of(String delivery) {
        return notices(NOTICE.DELIVERY_ID.eq(delivery));
    }

    List<Notice> waiting() {
        return notices(NOTICE.IS_WAITING.eq(1));
    }

    /** Alerts that one of the channels heard of and was not yet to be told the end of. */
    List<String> unended(Collection<String> channels) {
        return database.dsl()
                .selectDistinct(NOTICE.ALERT_ID)
                .from(NOTICE)
                .where(NOTICE.CHANNEL_ID.in(channels))
                .and(NOTICE.IS_WAITING.eq(1).or(NOTICE.DELIVERY_ID.isNotNull()))
                .and(NOTICE.ALERT_ID.notIn(
                        DSL.select(NOTICE.ALERT_ID).from(NOTICE).where(NOTICE.EVENT.eq(Event.RESOLVED.name()))))
                .fetch(NOTICE.ALERT_ID);
    }

    /** Alerts that a channel was told of and whose end it was not to be told yet. */
    List<String> heard(String channel) {
        return database.dsl()
                .selectDistinct(NOTICE.ALERT_ID)
                .from(NOTICE)
                .join(NOTIFICATION_DELIVERY)
                .on(NOTIFICATION_DELIVERY.ID.eq(NOTICE.DELIVERY_ID))
                .where(NOTICE.CHANNEL_ID.eq(channel).and(isIn(Delivery.State.SENT)))
                .and(NOTICE.EVENT.in(Event.RAISED.name(), Event.ESCALATED.name()))
                .and(NOTICE.ALERT_ID.notIn(
                        DSL.select(NOTICE.ALERT_ID).from(NOTICE).where(NOTICE.EVENT.eq(Event.RESOLVED.name()))))
                .fetch(NOTICE.ALERT_ID);
    }

    /** Tells the channel nothing of what waits about the alert. */
    void drop(String alert, String channel) {
        database.dsl()
                .update(NOTICE)
                .set(NOTICE.IS_WAITING, 0)
                .where(NOTICE.ALERT_ID
                        .eq(alert)
                        .and(NOTICE.CHANNEL_ID.eq(channel))
                        .and(NOTICE.IS_WAITING.eq(1)))
                .execute();
    }

    /**
     * Puts notices into a new delivery, with what was given up before about the same subject: nobody should hear of the end
     * of an alert before its beginning.
     */
    void deliver(Delivery delivery, List<Notice> notices) {
        List<String> failed = database.dsl()
                .select(NOTIFICATION_DELIVERY.ID)
                .from(NOTIFICATION_DELIVERY)
                .where(NOTIFICATION_DELIVERY
                        .CHANNEL_ID
                        .eq(delivery.channelId())
                        .and(NOTIFICATION_DELIVERY.SUBJECT.eq(delivery.subject().ref()))
                        .and(isIn(Delivery.State.FAILED)))
                .fetch(NOTIFICATION_DELIVERY.ID);
        database.dsl()
                .update(NOTICE)
                .set(NOTICE.DELIVERY_ID, delivery.id())
                .where(NOTICE.DELIVERY_ID.in(failed))
                .execute();
        database.dsl()
                .update(NOTIFICATION_DELIVERY)
                .set(NOTIFICATION_DELIVERY.STATE, Delivery.State.REPLACED.name())
                .where(NOTIFICATION_DELIVERY.ID.in(failed))
                .execute();
        database.dsl()
                .insertInto(NOTIFICATION_DELIVERY)
                .set(NOTIFICATION_DELIVERY.ID, delivery.id())
                .set(NOTIFICATION_DELIVERY.CHANNEL_ID, delivery.channelId())
                .set(NOTIFICATION_DELIVERY.SUBJECT, delivery.subject().ref())
                .set(NOTIFICATION_DELIVERY.STATE, delivery.state().name())
                .set(NOTIFICATION_DELIVERY.TRIES, delivery.tries())
                .set(NOTIFICATION_DELIVERY.DUE_AT, delivery.dueAt())
                .set(NOTIFICATION_DELIVERY.CREATED_AT, delivery.createdAt())
                .execute();
        for (Notice notice : notices) {
            database.dsl()
                    .update(NOTICE)
                    .set(NOTICE.IS_WAITING, 0)
                    .set(NOTICE.DELIVERY_ID, delivery.id())
                    .where(NOTICE.ALERT_ID
                            .eq(notice.alertId())
                            .and(NOTICE.EVENT.eq(notice.event().name()))
                            .and(NOTICE.CHANNEL_ID.eq(notice.channelId())))
                    .execute();
        }
    }

    void postpone(String id, int tries, String error, long dueAt) {
        database.dsl()
                .update(NOTIFICATION_DELIVERY)
                .set(NOTIFICATION_DELIVERY.TRIES, tries)
                .set(NOTIFICATION_DELIVERY.ERROR, error)
                .set(NOTIFICATION_DELIVERY.DUE_AT, dueAt)
                .where(NOTIFICATION_DELIVERY.ID.eq(id))
                .execute();
    }

    /** Ends a pending delivery; false when it is not pending any more. */
    boolean settle(String id, Delivery.State state, int tries, Optional<String> error, long now) {
        return database.dsl()
                        .update(NOTIFICATION_DELIVERY)
                        .set(NOTIFICATION_DELIVERY.STATE, state.name())
                        .set(NOTIFICATION_DELIVERY.TRIES, tries)
                        .set(NOTIFICATION_DELIVERY.ERROR, error.orElse(null))
                        .set(NOTIFICATION_DELIVERY.SETTLED_AT, now)
                        .where(NOTIFICATION_DELIVERY.ID.eq(id).and(isIn(Delivery.State.PENDING)))
                        .execute()
                == 1;
    }

    /** Makes a channel's failed deliveries pending again and tells how many they were. */
    int retry(String channel, long now) {
        return database.dsl()
                .update(NOTIFICATION_DELIVERY)
                .set(NOTIFICATION_DELIVERY.STATE, Delivery.State.PENDING.name())
                .set(NOTIFICATION_DELIVERY.TRIES, 0)
                .set(NOTIFICATION_DELIVERY.DUE_AT, now)
                .set(NOTIFICATION_DELIVERY.SETTLED_AT, (Long) null)
                .where(NOTIFICATION_DELIVERY.CHANNEL_ID.eq(channel).and(isIn(Delivery.State.FAILED)))
                .execute();
    }

    /** Gives up everything that a channel was to be told. */
    void forget(String channel, String why, long now) {
        database.dsl()
                .update(NOTICE)
                .set(NOTICE.IS_WAITING, 0)
                .where(NOTICE.CHANNEL_ID.eq(channel).and(NOTICE.IS_WAITING.eq(1)))
                .execute();
        database.dsl()
                .update(NOTIFICATION_DELIVERY)
                .set(NOTIFICATION_DELIVERY.STATE, Delivery.State.FAILED.name())
                .set(NOTIFICATION_DELIVERY.ERROR, why)
                .set(NOTIFICATION_DELIVERY.SETTLED_AT, now)
                .where(NOTIFICATION_DELIVERY.CHANNEL_ID.eq(channel).and(isIn(Delivery.State.PENDING)))
                .execute();
    }

    /** Those that are still to be sent, due or not, in the order of their making. */
    List<Delivery> pending() {
        return deliveries(isIn(Delivery.State.PENDING), Integer.MAX_VALUE, false);
    }

    /** Deliveries, newest first. */
    List<Delivery> list(Collection<String> channels, Optional<Delivery.State> state, int limit) {
        return deliveries(
                NOTIFICATION_DELIVERY
                        .CHANNEL_ID
                        .in(channels)
                        .and(state.map(NoticeStore::isIn).orElse(DSL.noCondition())),
                limit,
                true);
    }

    /** What channels were or will be told of alerts, oldest first. */
    List<Told> told(Collection<String> alerts) {
        return database.dsl()
                .select(
                        NOTICE.ALERT_ID,
                        CHANNEL.NAME,
                        NOTICE.EVENT,
                        NOTICE.IS_WAITING,
                        NOTICE.NOTED_AT,
                        NOTIFICATION_DELIVERY.STATE,
                        NOTIFICATION_DELIVERY.SETTLED_AT,
                        NOTIFICATION_DELIVERY.ERROR)
                .from(NOTICE)
                .join(CHANNEL)
                .on(CHANNEL.ID.eq(NOTICE.CHANNEL_ID))
                .leftJoin(NOTIFICATION_DELIVERY)
                .on(NOTIFICATION_DELIVERY.ID.eq(NOTICE.DELIVERY_ID))
                .where(NOTICE.ALERT_ID.in(alerts))
                .orderBy(NOTICE.NOTED_AT, CHANNEL.NAME)
                .fetch(NoticeStore::told);
    }

    private static Told told(Record row) {
        Optional<String> state = Optional.ofNullable(row.get(NOTIFICATION_DELIVERY.STATE));
        return new Told(
                row.get(NOTICE.ALERT_ID),
                row.get(CHANNEL.NAME),
                Event.valueOf(row.get(NOTICE.EVENT)).text(),
                state.map(name -> Delivery.State.valueOf(name).text())
                        .orElse(row.get(NOTICE.IS_WAITING) == 1 ? "waiting" : "dropped"),
                Optional.ofNullable(row.get(NOTIFICATION_DELIVERY.SETTLED_AT)).orElse(row.get(NOTICE.NOTED_AT)),
                Optional.ofNullable(row.get(NOTIFICATION_DELIVERY.ERROR)));
    }

    private List<Notice> notices(Condition which) {
        List<Notice> found = database.dsl().selectFrom(NOTICE).where(which).fetch(NoticeStore::notice);
        found.sort(Comparator.comparingLong(Notice::notedAt)
                .thenComparing(Notice::alertId)
                .thenComparing(Notice::event));
        return found;
    }

    private List<Delivery> deliveries(Condition which, int limit, boolean newestFirst) {
        Result<? extends Record> rows = database.dsl()
                .select(NOTIFICATION_DELIVERY.asterisk(), CHANNEL.NAME)
                .from(NOTIFICATION_DELIVERY)
                .join(CHANNEL)
                .on(CHANNEL.ID.eq(NOTIFICATION_DELIVERY.CHANNEL_ID))
                .where(which)
                .orderBy(
                        newestFirst ? NOTIFICATION_DELIVERY.CREATED_AT.desc() : NOTIFICATION_DELIVERY.CREATED_AT.asc(),
                        newestFirst ? NOTIFICATION_DELIVERY.ID.desc() : NOTIFICATION_DELIVERY.ID.asc())
                .limit(limit)
                .fetch();
        return rows.map(this::delivery);
    }

    private Delivery delivery(Record row) {
        String id = row.get(NOTIFICATION_DELIVERY.ID);
        return new Delivery(
                id,
                row.get(NOTIFICATION_DELIVERY.CHANNEL_ID),
                row.get(CHANNEL.NAME),
                new Subject(row.get(NOTIFICATION_DELIVERY.SUBJECT)),
                Delivery.State.valueOf(row.get(NOTIFICATION_DELIVERY.STATE)),
                row.get(NOTIFICATION_DELIVERY.TRIES),
                row.get(NOTIFICATION_DELIVERY.DUE_AT),
                Optional.ofNullable(row.get(NOTIFICATION_DELIVERY.ERROR)),
                row.get(NOTIFICATION_DELIVERY.CREATED_AT),
                Optional.ofNullable(row.get(NOTIFICATION_DELIVERY.SETTLED_AT)),
                of(id).stream()
                        .map(notice -> notice.alertId() + " " + notice.event().text())
                        .toList());
    }

    private static Condition isIn(Delivery.State state) {
        return NOTIFICATION_DELIVERY.STATE.eq(state.name());
    }

    private static Notice notice(Record row) {
        return new Notice(
                row.get(NOTICE.ALERT_ID),
                Event.valueOf(row.get(NOTICE.EVENT)),
                row.get(NOTICE.CHANNEL_ID),
                new Subject(row.get(NOTICE.SUBJECT)),
                row.get(NOTICE.NOTED_AT),
                row.get(NOTICE.IS_WAITING) == 1,
                Optional.ofNullable(row.get(NOTICE.DELIVERY_ID)));
    }
}
