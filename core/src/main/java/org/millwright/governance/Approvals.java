package org.millwright.governance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Role;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.project.Agreement;
import org.millwright.project.AgreementVersion;
import org.millwright.project.Agreements;
import org.millwright.project.Project;
import org.millwright.project.ProjectVersion;
import org.millwright.project.Projects;

/**
 * Asks people for decisions and takes them: by someone else than who asked and whose work it is, bound to the digests that
 * were shown, void when those change, refused when nobody decides in time.
 */
public final class Approvals {
    /** How long a request waits. */
    static final Duration LIFE = Duration.ofDays(14);

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Projects projects;
    private final Agreements agreements;
    private final Clock clock;
    private final Ids ids;
    private final GovernanceStore store;
    private final Map<String, Matter> matters = new ConcurrentHashMap<>();

    public Approvals(
            Database database,
            Ledger ledger,
            Access access,
            Projects projects,
            Agreements agreements,
            Clock clock,
            Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.projects = projects;
        this.agreements = agreements;
        this.clock = clock;
        this.ids = ids;
        this.store = new GovernanceStore(database);
    }

    /** What is known of the subjects of a kind; each is called within the transaction of the request or decision. */
    interface Matter {
        /** Digests of everything that a decision is about, as they are now. */
        Map<String, String> digests(String subject);

        /** Other assets whose histories tell who decided. */
        List<String> concerned(String subject);

        /** Draws the consequence in the name of who decided. */
        void decided(Actor by, Approval approval);
    }

    /** Says what follows from decisions about subjects of a kind, such as {@code release}. */
    void bind(String kind, Matter matter) {
        matters.put(kind, matter);
    }

    /** What a decision is asked for; see {@link Approval}. */
    public record Request(
            String project, String subject, String title, Map<String, String> digests, JsonNode shown, String author) {}

    /** Asks for a decision. One that waits for the same digests is returned; for others of the subject, it is voided. */
    public Approval request(Actor by, Request request) {
        return database.write(() -> {
            for (Approval waiting : store.pending(request.subject())) {
                if (waiting.digests().equals(request.digests()) && clock.millis() < waiting.expiresAt()) {
                    return waiting;
                }
                end(by, waiting, Approval.State.VOID, "What it was about has changed");
            }
            long now = clock.millis();
            var approval = new Approval(
                    ids.next(),
                    request.project(),
                    request.subject(),
                    request.title(),
                    request.digests(),
                    request.shown(),
                    by.id(),
                    request.author(),
                    now,
                    now + LIFE.toMillis(),
                    Approval.State.PENDING,
                    Optional.empty(),
                    Optional.empty(),
                    "");
            store.insert(approval);
            ledger.append(by, "approval.requested", subjects(approval), details(approval));
            return approval;
        });
    }

    /**
     * Decides about a subject or an approval by its reference; {@code project:…} decides about a project's file, {@code
     * agreement:…} accepts or refuses what is proposed about a model.
     */
    public Decided decide(Actor by, String ref, boolean granted, String reason) {
        if (!granted && reason.isBlank()) {
            throw new Problem.Invalid("A refusal needs a reason", "mw approve " + ref + " --refuse --reason …");
        }
        if (ref.startsWith("project:")) {
            String name = ref.substring("project:".length());
            Project project = granted ? projects.approve(by, name, reason) : projects.refuse(by, name, reason);
            return new Decided(ref, project.state().name());
        }
        if (ref.startsWith("agreement:")) {
            String model = ref.substring("agreement:".length());
            AgreementVersion version =
                    granted ? agreements.accept(by, model, Optional.empty()) : agreements.refuse(by, model, reason);
            return new Decided(ref, version.state().name());
        }
        Approval approval = waiting(ref);
        requireMay(by, approval);
        Approval decided = database.write(() -> {
            Approval again = store.approval(approval.id()).orElseThrow();
            if (again.state() != Approval.State.PENDING) {
                throw new Problem.Conflict(
                        ref + " was decided meanwhile: " + again.state().name(), "mw inbox");
            }
            if (clock.millis() >= again.expiresAt()) {
                return end(Actor.SYSTEM, again, Approval.State.EXPIRED, "Nobody decided in time");
            }
            if (!digests(again).equals(again.digests())) {
                return end(Actor.SYSTEM, again, Approval.State.VOID, "What it was about has changed");
            }
            return end(by, again, granted ? Approval.State.APPROVED : Approval.State.REFUSED, reason);
        });
        if (decided.state() == Approval.State.EXPIRED || decided.state() == Approval.State.VOID) {
            throw new Problem.Conflict(
                    ref + " can no longer be decided: " + decided.reason(), "Ask again for what it is now.");
        }
        return new Decided(decided.subject(), decided.state().name());
    }

    /** What was decided about, and its new state. */
    public record Decided(String subject, String state) {}

    private Approval waiting(String ref) {
        return database.read(() -> {
            if (ref.startsWith("approval:")) {
                return store.approval(ref.substring("approval:".length()))
                        .orElseThrow(() -> new Problem.NotFound("No " + ref, "mw inbox"));
            }
            return store.pending(ref).stream()
                    .findFirst()
                    .orElseThrow(
                            () -> new Problem.NotFound("Nothing about " + ref + " waits for a decision", "mw inbox"));
        });
    }

    private void requireMay(Actor by, Approval approval) {
        access.require(by, Permission.APPROVE, approval.project());
        if (!by.isPerson()) {
            throw new Problem.Denied("Only a person approves", "Ask someone with the approver role.");
        }
        if (by.id().equals(approval.requestedBy()) || by.id().equals(approval.author())) {
            throw new Problem.Denied(
                    by.name() + (by.id().equals(approval.author()) ? " made" : " asked for") + " " + approval.subject()
                            + " and cannot decide on it",
                    "Ask another person with the approver role.");
        }
    }

    private Approval end(Actor by, Approval approval, Approval.State state, String reason) {
        store.decide(approval.id(), state, by.id(), clock.millis(), reason);
        ObjectNode details = details(approval);
        details.put("reason", reason).put("requestedBy", approval.requestedBy());
        ledger.append(by, "approval." + state.name().toLowerCase(java.util.Locale.ROOT), subjects(approval), details);
        Approval ended = store.approval(approval.id()).orElseThrow();
        matter(ended).ifPresent(matter -> matter.decided(by, ended));
        return ended;
    }

    private Optional<Matter> matter(Approval approval) {
        return Optional.ofNullable(matters.get(kind(approval.subject())));
    }

    private Map<String, String> digests(Approval approval) {
        return matter(approval)
                .map(matter -> matter.digests(approval.subject()))
                .orElse(approval.digests());
    }

    private List<String> subjects(Approval approval) {
        var subjects = new ArrayList<>(List.of(approval.subject(), approval.ref(), Project.ref(approval.project())));
        matter(approval).ifPresent(matter -> subjects.addAll(matter.concerned(approval.subject())));
        return subjects;
    }

    private static ObjectNode details(Approval approval) {
        ObjectNode details = Json.object().put("title", approval.title());
        details.set("digests", Json.tree(approval.digests()));
        return details.put("shown", Json.digest(approval.shown()));
    }

    private static String kind(String subject) {
        int colon = subject.indexOf(':');
        return colon < 0 ? subject : subject.substring(0, colon);
    }

    /** Everything that waits for a decision and that this actor may decide, the most urgent first. */
    public List<Item> inbox(Actor actor) {
        var items = new ArrayList<Item>();
        for (Project project : projects.list()) {
            projects.proposal(project.name())
                    .filter(version -> may(actor, project.name(), version.requestedBy(), version.requestedBy()))
                    .ifPresent(version -> items.add(item(version)));
        }
        agreements.waiting().stream()
                .filter(version -> agreements.awaits(version, actor))
                .forEach(version -> items.add(item(version)));
        for (Approval approval : database.read(store::pending)) {
            if (clock.millis() < approval.expiresAt()
                    && may(actor, approval.project(), approval.requestedBy(), approval.author())) {
                items.add(new Item(
                        approval.subject(),
                        approval.project(),
                        approval.title(),
                        approval.requestedBy(),
                        approval.requestedAt(),
                        Optional.of(approval.expiresAt()),
                        approval.shown()));
            }
        }
        items.sort(
                java.util.Comparator.comparingLong(item -> item.dueAt().orElse(item.requestedAt() + LIFE.toMillis())));
        return items;
    }

    private boolean may(Actor actor, String project, String requester, String author) {
        return access.allows(actor, Permission.APPROVE, Optional.of(project))
                && !actor.id().equals(requester)
                && !actor.id().equals(author);
    }

    private static Item item(ProjectVersion version) {
        var file = version.file();
        return new Item(
                Project.ref(version.project()),
                version.project(),
                "Project " + version.project() + ": " + file.purpose(),
                version.requestedBy(),
                version.requestedAt(),
                Optional.empty(),
                Json.object()
                        .put("purpose", file.purpose())
                        .put("owner", file.owner())
                        .put("riskTier", file.riskTier().text())
                        .set("data", Json.tree(file.data())));
    }

    private static Item item(AgreementVersion version) {
        ObjectNode shown = Json.object().put("digest", version.digest());
        shown.put(
                "waits for",
                String.join(", ", version.missing().stream().map(Role::text).toList()));
        return new Item(
                version.ref(),
                version.project(),
                "Agreement about model " + version.model(),
                version.proposedBy(),
                version.proposedAt(),
                Optional.empty(),
                shown.put(Agreement.FILE, version.text()));
    }

    /** Something in the inbox; times in milliseconds since the epoch. */
    public record Item(
            String ref,
            String project,
            String title,
            String requestedBy,
            long requestedAt,
            Optional<Long> dueAt,
            JsonNode shown) {}

    /** Everything that people were asked about in a project, newest first. */
    public List<Approval> ofProject(String project) {
        return database.read(() -> store.ofProject(project));
    }

    /** All decisions about a subject, oldest first. */
    public List<Approval> about(String subject) {
        return database.read(() -> store.approvals(subject));
    }
}
