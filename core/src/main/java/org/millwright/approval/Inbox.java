package org.millwright.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Problem;

/** What waits for somebody's decision, whatever kind it is of, and the way to decide it. */
public final class Inbox {
    /** What an agreement's item names the text that the proposed one would take the place of. */
    public static final String IN_FORCE = "inForce";

    /** When a request without a deadline is sorted in. */
    private static final Duration PATIENCE = Duration.ofDays(14);

    private final Database database;
    private final Approvals approvals;
    private final Clock clock;
    private final Map<String, Kind> kinds = new ConcurrentHashMap<>();

    /** Requests of which no approval is kept: one person answers once, without conditions. */
    public interface Kind {
        /** What their references begin with: {@code policy} of {@code policy:NAME}. */
        String name();

        /** What this actor may decide. */
        List<Item> of(Actor actor);

        /** What may be answered. */
        Set<Reply.Answer> answers();

        /** Decides in the name of an actor who may; {@code name} is what follows the kind in the reference. */
        Approvals.Decided decide(Actor by, String name, Reply.Answer answer, String reason);

        /** Whether questions are asked in place; about other kinds people talk otherwise. */
        default boolean isAskedAbout() {
            return false;
        }

        /** Asks whoever wants the decision. */
        default void ask(Actor by, String name, String text) {
            throw new Problem.Invalid(
                    "No questions are asked about " + name() + ":" + name + " here",
                    "Ask whoever proposed it: mw inbox");
        }
    }

    public Inbox(Database database, Approvals approvals, Clock clock) {
        this.database = database;
        this.approvals = approvals;
        this.clock = clock;
    }

    /**
     * Something in the inbox; times in milliseconds since the epoch.
     *
     * @param project "" for what concerns all of them
     * @param approval of releases and protected names; everything else has none
     * @param seat id of the person whose right it is: another one's where the reader is a deputy
     * @param context what may change while it waits, by name
     * @param seen what a decision is to carry, so that it is refused when something changed
     * @param answers what may be decided
     * @param asked whether questions are asked in place
     */
    public record Item(
            String ref,
            String project,
            String title,
            String requestedBy,
            long requestedAt,
            Optional<Long> dueAt,
            JsonNode shown,
            Optional<Approval> approval,
            String seat,
            Map<String, Object> context,
            List<Note> notes,
            String seen,
            Set<Reply.Answer> answers,
            boolean asked) {
        public boolean isSentBack() {
            return answers.contains(Reply.Answer.SEND_BACK);
        }
    }

    /** Shows requests of another kind too. */
    public void add(Kind kind) {
        kinds.put(kind.name(), kind);
    }

    /** Everything that waits and that this actor may decide, the most urgent first. */
    public List<Item> of(Actor actor) {
        var items = new ArrayList<Item>();
        kinds.values().forEach(kind -> items.addAll(kind.of(actor)));
        database.read(() -> {
            for (Approval approval : approvals.store().pending()) {
                approvals
                        .separation()
                        .seat(actor, approval)
                        .filter(seat -> clock.millis() < approval.expiresAt() && !hasVoted(approval, actor, seat))
                        .ifPresent(seat -> items.add(item(approval, seat)));
            }
            return items;
        });
        items.sort(Comparator.comparingLong(item -> item.dueAt().orElse(item.requestedAt() + PATIENCE.toMillis())));
        return items;
    }

    private boolean hasVoted(Approval approval, Actor actor, String seat) {
        return approval.votes().stream()
                .anyMatch(vote -> approvals.separation().same(vote.by(), actor.id())
                        || approvals.separation().same(vote.seat(), seat));
    }

    /**
     * Decides about a subject or an approval by its reference; {@code project:…} decides about a project's file, {@code
     * agreement:…} accepts or refuses what is proposed about a model, {@code policy:…} puts a policy's version in force.
     */
    public Approvals.Decided decide(Actor by, String ref, Reply reply) {
        Optional<Kind> kind = kind(ref);
        try {
            return kind.isPresent() ? decide(by, kind.get(), ref, reply) : approvals.decide(by, ref, reply);
        } catch (Problem.Denied e) {
            throw approvals.separation().approvesSomewhere(by)
                    ? approvals.separation().kept(by, ref, e)
                    : e;
        }
    }

    private Optional<Kind> kind(String ref) {
        return Optional.ofNullable(kinds.get(ref.substring(0, Math.max(0, ref.indexOf(':')))));
    }

    private static String name(String ref) {
        return ref.substring(ref.indexOf(':') + 1);
    }

    private static Approvals.Decided decide(Actor by, Kind kind, String ref, Reply reply) {
        boolean sentBack = kind.answers().contains(Reply.Answer.SEND_BACK);
        if (!reply.conditions().isEmpty()) {
            throw new Problem.Invalid(
                    ref + " is approved" + (sentBack ? ", refused or sent back" : " or refused")
                            + " (expected: no conditions, which are for releases)",
                    "mw approve " + ref + (sentBack ? " --send-back --reason …" : " --refuse --reason …"));
        }
        reply.seen()
                .ifPresent(seen -> Seen.parse(seen)
                        .requireSame(ref, Seen.parse(item(by, kind, ref).seen())));
        if (reply.answer() != Reply.Answer.APPROVE && reply.reason().isBlank()) {
            throw new Problem.Invalid("A refusal needs a reason", "mw approve " + ref + " --refuse --reason …");
        }
        if (!kind.answers().contains(reply.answer())) {
            throw new Problem.Invalid(
                    ref + " is approved or refused (expected: not sent back)",
                    "mw approve " + ref + " --refuse --reason …");
        }
        return kind.decide(by, name(ref), reply.answer(), reply.reason());
    }

    /** Asks a question about something that waits. */
    public void ask(Actor by, String ref, String text) {
        kind(ref)
                .ifPresentOrElse(
                        kind -> kind.ask(by, name(ref), text),
                        () -> approvals.conversation().say(by, ref, text));
    }

    /** Approves, or refuses with a reason. */
    public Approvals.Decided decide(Actor by, String ref, boolean granted, String reason) {
        return decide(by, ref, Reply.of(granted ? Reply.Answer.APPROVE : Reply.Answer.REFUSE, reason));
    }

    private static Item item(Actor by, Kind kind, String ref) {
        return kind.of(by).stream()
                .filter(found -> found.ref().equals(ref))
                .findFirst()
                .orElseThrow(() -> new Problem.Conflict(ref + " no longer waits for you", "Open the inbox again."));
    }

    private Item item(Approval approval, String seat) {
        return new Item(
                approval.subject(),
                approval.project(),
                approval.title(),
                approval.requestedBy(),
                approval.requestedAt(),
                Optional.of(approval.expiresAt()),
                approval.shown(),
                Optional.of(approval),
                seat,
                approvals.matters().context(approval),
                approvals.conversation().about(approval.subject()),
                approvals.seen(approval).text(),
                EnumSet.allOf(Reply.Answer.class),
                true);
    }

    /** An item of which no approval is kept. */
    static Item simple(
            Kind kind,
            String ref,
            String project,
            String title,
            String by,
            long at,
            Optional<Long> due,
            ObjectNode shown,
            Actor actor,
            String file,
            List<Note> notes) {
        String seen = Seen.of(Map.of("request", shown, "file", file, "questions", notes))
                .text();
        return new Item(
                ref,
                project,
                title,
                by,
                at,
                due,
                shown,
                Optional.empty(),
                actor.id(),
                Map.of(),
                notes,
                seen,
                kind.answers(),
                kind.isAskedAbout());
    }
}
