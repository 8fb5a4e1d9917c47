package org.millwright.approval;

import static org.millwright.schema.Tables.APPROVAL;
import static org.millwright.schema.Tables.APPROVAL_NOTE;
import static org.millwright.schema.Tables.APPROVAL_VOTE;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.SortField;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** Approvals, what was voted and said about them, in the database. */
final class ApprovalStore {
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private final Database database;

    ApprovalStore(Database database) {
        this.database = database;
    }

    void insert(Approval approval) {
        database.dsl()
                .insertInto(APPROVAL)
                .set(APPROVAL.ID, approval.id())
                .set(APPROVAL.PROJECT, approval.project())
                .set(APPROVAL.SUBJECT, approval.subject())
                .set(APPROVAL.TITLE, approval.title())
                .set(APPROVAL.DIGESTS, Json.write(approval.digests()))
                .set(APPROVAL.SHOWN, Json.write(approval.shown()))
                .set(APPROVAL.REQUESTED_BY, approval.requestedBy())
                .set(APPROVAL.AUTHOR, approval.author())
                .set(APPROVAL.REQUESTED_AT, approval.requestedAt())
                .set(APPROVAL.EXPIRES_AT, approval.expiresAt())
                .set(APPROVAL.STATE, approval.state().name())
                .set(APPROVAL.NEEDED, approval.needed())
                .set(APPROVAL.AGAIN, approval.again().orElse(null))
                .execute();
    }

    /** Lets nobody else decide on it until the transaction ends. */
    void lock(String id) {
        database.dsl()
                .update(APPROVAL)
                .set(APPROVAL.STATE, APPROVAL.STATE)
                .where(APPROVAL.ID.eq(id))
                .execute();
    }

    /** Ends what is in a state; false when it is not any more. */
    boolean end(String id, Approval.State from, Approval.State to, String by, long at, String reason) {
        return database.dsl()
                        .update(APPROVAL)
                        .set(APPROVAL.STATE, to.name())
                        .set(APPROVAL.DECIDED_BY, by)
                        .set(APPROVAL.DECIDED_AT, at)
                        .set(APPROVAL.REASON, reason)
                        .where(APPROVAL.ID.eq(id).and(APPROVAL.STATE.eq(from.name())))
                        .execute()
                == 1;
    }

    /** Notes that people were reminded; false when they were already. */
    boolean remind(String id, int stage) {
        return database.dsl()
                        .update(APPROVAL)
                        .set(APPROVAL.REMINDED, stage)
                        .where(APPROVAL.ID.eq(id).and(APPROVAL.REMINDED.lt(stage)))
                        .execute()
                == 1;
    }

    void vote(String approval, Approval.Vote vote) {
        database.dsl()
                .insertInto(APPROVAL_VOTE)
                .set(APPROVAL_VOTE.APPROVAL, approval)
                .set(APPROVAL_VOTE.PERSON, vote.by())
                .set(APPROVAL_VOTE.SEAT, vote.seat())
                .set(APPROVAL_VOTE.VOTED_AT, vote.at())
                .set(APPROVAL_VOTE.REASON, vote.reason())
                .execute();
    }

    Optional<Approval> approval(String id) {
        return some(APPROVAL.ID.eq(id), APPROVAL.ID.asc()).stream().findFirst();
    }

    List<Approval> pending() {
        return some(APPROVAL.STATE.eq(Approval.State.PENDING.name()), APPROVAL.EXPIRES_AT.asc());
    }

    List<Approval> pending(String subject) {
        return some(
                APPROVAL.STATE.eq(Approval.State.PENDING.name()).and(APPROVAL.SUBJECT.eq(subject)),
                APPROVAL.REQUESTED_AT.asc());
    }

    List<Approval> about(String subject) {
        return some(APPROVAL.SUBJECT.eq(subject), APPROVAL.REQUESTED_AT.asc());
    }

    List<Approval> ofProject(String project) {
        return some(APPROVAL.PROJECT.eq(project), APPROVAL.REQUESTED_AT.desc());
    }

    private List<Approval> some(Condition which, SortField<?> order) {
        var votes = new HashMap<String, List<Approval.Vote>>(database.dsl()
                .select(APPROVAL_VOTE.fields())
                .from(APPROVAL_VOTE)
                .join(APPROVAL)
                .on(APPROVAL.ID.eq(APPROVAL_VOTE.APPROVAL))
                .where(which)
                .orderBy(APPROVAL_VOTE.VOTED_AT)
                .fetchGroups(APPROVAL_VOTE.APPROVAL, ApprovalStore::vote));
        return database.dsl()
                .selectFrom(APPROVAL)
                .where(which)
                .orderBy(order, APPROVAL.ID)
                .fetch(row -> approval(row, votes.getOrDefault(row.get(APPROVAL.ID), List.of())));
    }

    void insert(String approval, Note note) {
        database.dsl()
                .insertInto(APPROVAL_NOTE)
                .set(APPROVAL_NOTE.ID, note.id())
                .set(APPROVAL_NOTE.APPROVAL, approval)
                .set(APPROVAL_NOTE.KIND, note.kind().name())
                .set(APPROVAL_NOTE.PERSON, note.by())
                .set(APPROVAL_NOTE.NOTED_AT, note.at())
                .set(APPROVAL_NOTE.TEXT, note.text())
                .execute();
    }

    /** What was said about all requests of a subject, oldest first. */
    List<Note> notes(String subject) {
        return database.dsl()
                .select(APPROVAL_NOTE.fields())
                .from(APPROVAL_NOTE)
                .join(APPROVAL)
                .on(APPROVAL.ID.eq(APPROVAL_NOTE.APPROVAL))
                .where(APPROVAL.SUBJECT.eq(subject))
                .orderBy(APPROVAL_NOTE.NOTED_AT, APPROVAL_NOTE.ID)
                .fetch(row -> new Note(
                        row.get(APPROVAL_NOTE.ID),
                        Note.Kind.valueOf(row.get(APPROVAL_NOTE.KIND)),
                        row.get(APPROVAL_NOTE.PERSON),
                        row.get(APPROVAL_NOTE.NOTED_AT),
                        row.get(APPROVAL_NOTE.TEXT)));
    }

    private static Approval.Vote vote(Record row) {
        return new Approval.Vote(
                row.get(APPROVAL_VOTE.PERSON),
                row.get(APPROVAL_VOTE.SEAT),
                row.get(APPROVAL_VOTE.VOTED_AT),
                row.get(APPROVAL_VOTE.REASON));
    }

    private static Approval approval(Record row, List<Approval.Vote> votes) {
        return new Approval(
                row.get(APPROVAL.ID),
                row.get(APPROVAL.PROJECT),
                row.get(APPROVAL.SUBJECT),
                row.get(APPROVAL.TITLE),
                Json.read(row.get(APPROVAL.DIGESTS), TEXTS),
                Json.parse(row.get(APPROVAL.SHOWN)),
                row.get(APPROVAL.REQUESTED_BY),
                row.get(APPROVAL.AUTHOR),
                row.get(APPROVAL.REQUESTED_AT),
                row.get(APPROVAL.EXPIRES_AT),
                Approval.State.valueOf(row.get(APPROVAL.STATE)),
                Optional.ofNullable(row.get(APPROVAL.DECIDED_BY)),
                Optional.ofNullable(row.get(APPROVAL.DECIDED_AT)),
                Optional.ofNullable(row.get(APPROVAL.REASON)).orElse(""),
                row.get(APPROVAL.NEEDED),
                Optional.ofNullable(row.get(APPROVAL.AGAIN)),
                votes);
    }
}
