package org.millwright.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.project.Agreement;
import org.millwright.project.AgreementVersion;
import org.millwright.project.Agreements;
import org.millwright.project.Project;
import org.millwright.project.ProjectNote;
import org.millwright.project.ProjectVersion;
import org.millwright.project.Projects;

/** What waits for somebody's decision, whatever kind it is of, and the way to decide it. */
public final class Inbox {
    /** What an agreement's item names the text that the proposed one would take the place of. */
    public static final String IN_FORCE = "inForce";

    /** When a request without a deadline is sorted in. */
    private static final Duration PATIENCE = Duration.ofDays(14);

    private final Database database;
    private final Projects projects;
    private final Agreements agreements;
    private final Approvals approvals;
    private final Clock clock;
    private final Map<String, Kind> kinds = new ConcurrentHashMap<>();

    /** Something else that waits for decisions, yes or no with a reason, of which nothing is deployed. */
    interface Kind {
        /** What this actor may decide. */
        List<Item> of(Actor actor);

        /** Decides in the name of an actor who may. */
        Approvals.Decided decide(Actor by, String ref, boolean granted, String reason);
    }

    public Inbox(Database database, Projects projects, Agreements agreements, Approvals approvals, Clock clock) {
        this.database = database;
        this.projects = projects;
        this.agreements = agreements;
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
            String seen) {}

    /** Shows requests of another kind too, named by what their references begin with. */
    void add(String kind, Kind requests) {
        kinds.put(kind, requests);
    }

    /** Everything that waits and that this actor may decide, the most urgent first. */
    public List<Item> of(Actor actor) {
        var items = new ArrayList<Item>();
        for (Project project : projects.list()) {
            projects.proposal(project.name())
                    .filter(version -> projects.awaits(actor, version) && clock.millis() < projects.due(version))
                    .ifPresent(version -> items.add(item(actor, version)));
        }
        agreements.waiting().stream()
                .filter(version -> agreements.awaits(version, actor) && clock.millis() < agreements.due(version))
                .forEach(version -> items.add(item(actor, version)));
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
        try {
            return decided(by, ref, reply);
        } catch (Problem.Denied e) {
            throw approvals.separation().approvesSomewhere(by)
                    ? approvals.separation().kept(by, ref, e)
                    : e;
        }
    }

    private Approvals.Decided decided(Actor by, String ref, Reply reply) {
        boolean project = ref.startsWith("project:");
        Optional<Kind> kind = Optional.ofNullable(kinds.get(ref.substring(0, Math.max(0, ref.indexOf(':')))));
        if (!project && !ref.startsWith("agreement:") && kind.isEmpty()) {
            return approvals.decide(by, ref, reply);
        }
        if (!reply.conditions().isEmpty()) {
            throw new Problem.Invalid(
                    ref + " is approved, refused or sent back (expected: no conditions, which are for releases)",
                    "mw approve " + ref + " --send-back --reason …");
        }
        reply.seen()
                .ifPresent(seen -> Seen.parse(seen)
                        .requireSame(ref, Seen.parse(item(by, ref).seen())));
        if (reply.answer() != Reply.Answer.APPROVE && reply.reason().isBlank()) {
            throw new Problem.Invalid("A refusal needs a reason", "mw approve " + ref + " --refuse --reason …");
        }
        if (kind.isPresent()) {
            if (reply.answer() == Reply.Answer.SEND_BACK) {
                throw new Problem.Invalid(
                        ref + " is put in force or refused (expected: not sent back)",
                        "mw approve " + ref + " --refuse --reason …");
            }
            return kind.get().decide(by, ref, reply.answer() == Reply.Answer.APPROVE, reply.reason());
        }
        String name = ref.substring(ref.indexOf(':') + 1);
        return project ? decideProject(by, name, reply) : decideAgreement(by, name, reply);
    }

    private Approvals.Decided decideProject(Actor by, String name, Reply reply) {
        Project decided = switch (reply.answer()) {
            case APPROVE -> projects.approve(by, name, reply.reason());
            case REFUSE -> projects.refuse(by, name, reply.reason());
            case SEND_BACK -> projects.sendBack(by, name, reply.reason());
        };
        return new Approvals.Decided(Project.ref(name), decided.state().name(), 0);
    }

    private Approvals.Decided decideAgreement(Actor by, String model, Reply reply) {
        AgreementVersion decided = switch (reply.answer()) {
            case APPROVE -> agreements.accept(by, model, Optional.empty());
            case REFUSE -> agreements.refuse(by, model, reply.reason());
            case SEND_BACK -> agreements.sendBack(by, model, reply.reason());
        };
        return new Approvals.Decided(
                decided.ref(), decided.state().name(), decided.missing().size());
    }

    /** Approves, or refuses with a reason. */
    public Approvals.Decided decide(Actor by, String ref, boolean granted, String reason) {
        return decide(by, ref, Reply.of(granted ? Reply.Answer.APPROVE : Reply.Answer.REFUSE, reason));
    }

    private Item item(Actor by, String ref) {
        return of(by).stream()
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
                approvals.context(approval),
                approvals.conversation().about(approval.subject()),
                approvals.seen(approval).text());
    }

    private Item item(Actor actor, ProjectVersion version) {
        var file = version.file();
        ObjectNode shown = Json.object()
                .put("purpose", file.purpose())
                .put("owner", file.owner())
                .put("riskTier", file.riskTier().text());
        shown.put("approvers", file.approvers()).set("data", Json.tree(file.data()));
        return simple(
                Project.ref(version.project()),
                version.project(),
                "Project " + version.project() + ": " + file.purpose(),
                version.requestedBy(),
                version.requestedAt(),
                Optional.of(projects.due(version)),
                shown,
                actor,
                version.digest(),
                projects.notes(version.project()).stream().map(Inbox::note).toList());
    }

    private Item item(Actor actor, AgreementVersion version) {
        ObjectNode shown = Json.object().put("digest", version.digest());
        agreements.inForce(version.project()).ifPresent(before -> shown.put(IN_FORCE, before.text()));
        shown.put(
                "waits for",
                String.join(", ", version.missing().stream().map(Role::text).toList()));
        return simple(
                version.ref(),
                version.project(),
                "Agreement about model " + version.model(),
                version.proposedBy(),
                version.proposedAt(),
                Optional.of(agreements.due(version)),
                shown.put(Agreement.FILE, version.text()),
                actor,
                version.digest(),
                List.of());
    }

    private static Note note(ProjectNote said) {
        return new Note(
                said.id(),
                switch (said.kind()) {
                    case QUESTION -> Note.Kind.QUESTION;
                    case ANSWER, REVIEW -> Note.Kind.ANSWER;
                    case SENT_BACK -> Note.Kind.SENT_BACK;
                },
                said.by(),
                said.at(),
                said.text());
    }

    /** An item of which no approval is kept. */
    static Item simple(
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
        return new Item(ref, project, title, by, at, due, shown, Optional.empty(), actor.id(), Map.of(), notes, seen);
    }
}
