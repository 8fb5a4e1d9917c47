package org.millwright.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.project.Deciding;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;

/**
 * Asks people for decisions and takes them: by others than who asked and whose work it is, by as many as the risk asks,
 * bound to the digests that were shown, void when those change, refused when nobody decides in time.
 */
public final class Approvals {
    private final Database database;
    private final ApprovalStory story;
    private final Users users;
    private final Projects projects;
    private final Clock clock;
    private final Ids ids;
    private final ApprovalStore store;
    private final Separation separation;
    private final Deputies deputies;
    private final Conditions conditions;
    private final Conversation conversation;
    private final Matters matters = new Matters();

    public Approvals(Database database, Ledger ledger, Users users, Projects projects, Clock clock, Ids ids) {
        this.database = database;
        this.story = new ApprovalStory(ledger, matters::of);
        this.users = users;
        this.projects = projects;
        this.clock = clock;
        this.ids = ids;
        this.store = new ApprovalStore(database);
        this.separation = new Separation(users, projects, this::delegated);
        this.deputies = new Deputies(database, ledger, users, separation, clock, ids);
        this.conversation = new Conversation(this, database, story, users, clock, ids);
        this.conditions = new Conditions(database, ledger, users, separation, this::newest, clock, ids);
    }

    private List<Deputy> delegated() {
        return deputies.active();
    }

    /** Who decides in whose place. */
    public Deputies deputies() {
        return deputies;
    }

    /** What approvals were given under. */
    public Conditions conditions() {
        return conditions;
    }

    /** What is asked and answered about requests. */
    public Conversation conversation() {
        return conversation;
    }

    void require(Actor by, Permission permission, String project) {
        users.access().require(by, permission, project);
    }

    Separation separation() {
        return separation;
    }

    ApprovalStore store() {
        return store;
    }

    /** What is decided about, by kind of subject. */
    Matters matters() {
        return matters;
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
            return ask(by, request, Optional.empty());
        });
    }

    private Approval ask(Actor by, Request request, Optional<String> again) {
        Optional<ProjectFile> file = projects.file(request.project());
        Deciding deciding = file.map(found -> found.release().deciding()).orElse(Deciding.DEFAULT);
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
                projects.holidays().working(deciding).due(now, deciding.days()),
                Approval.State.PENDING,
                Optional.empty(),
                Optional.empty(),
                "",
                file.map(ProjectFile::approvers).orElse(1),
                again,
                List.of());
        store.insert(approval);
        ObjectNode details = Json.object().put("needed", approval.needed()).put("due", approval.expiresAt());
        again.ifPresent(id -> details.put("again", id));
        story.append(by, "requested", approval, details);
        return approval;
    }

    /**
     * Asks again in one step for what lapsed or was sent back, and shows what is not as it was then.
     *
     * @param answer what the requester says to it; needed for what was sent back
     */
    public Approval resubmit(Actor by, String ref, String answer) {
        Approval last = newest(ref);
        Reply.requireLength(answer);
        Request request = matters.of(last).again(by, last);
        return database.write(() -> {
            Approval before = lapsed(last);
            if (before.state() == Approval.State.SENT_BACK && answer.isBlank()) {
                throw new Problem.Invalid(
                        ref + " was sent back: " + before.reason(),
                        "Answer it: mw approve resubmit " + ref + " --answer …");
            }
            if (!before.state().lapsed()) {
                throw new Problem.Conflict(
                        ref + " did not lapse: it is " + before.state().text(),
                        before.state() == Approval.State.PENDING ? "mw inbox" : "Ask for a new release.");
            }
            ObjectNode shown = request.shown().deepCopy();
            shown.set(Difference.FIELD, Difference.between(before, request));
            Approval asked = ask(
                    by,
                    new Request(
                            request.project(),
                            request.subject(),
                            request.title(),
                            request.digests(),
                            shown,
                            request.author()),
                    Optional.of(before.id()));
            matters.of(asked).askedAgain(by, asked);
            if (!answer.isBlank()) {
                conversation.note(by, asked, Note.Kind.ANSWER, answer);
            }
            return asked;
        });
    }

    /** The newest request, with its lapse noticed that nobody noticed yet. */
    private Approval lapsed(Approval last) {
        store.lock(last.id());
        Approval now = store.about(last.subject()).getLast();
        return now.state() == Approval.State.PENDING ? outdated(now).orElse(now) : now;
    }

    /** Ends a request that waits in vain. */
    private Optional<Approval> outdated(Approval waiting) {
        if (clock.millis() >= waiting.expiresAt()) {
            return Optional.of(end(Actor.SYSTEM, waiting, Approval.State.EXPIRED, "Nobody decided in time"));
        }
        List<String> changed = matters.changed(waiting);
        return changed.isEmpty()
                ? Optional.empty()
                : Optional.of(end(
                        Actor.SYSTEM,
                        waiting,
                        Approval.State.VOID,
                        "What it was about has changed: " + String.join(", ", changed)));
    }

    /** Decides about a subject or an approval by its reference. */
    Decided decide(Actor by, String ref, Reply reply) {
        Reply.requireLength(reply.reason());
        if (reply.answer() != Reply.Answer.APPROVE && reply.reason().isBlank()) {
            throw new Problem.Invalid("A refusal needs a reason", "mw approve " + ref + " --refuse --reason …");
        }
        String id = waiting(ref).id();
        Approval decided = database.write(() -> {
            store.lock(id);
            Approval now = store.approval(id).orElseThrow();
            String seat = separation.requireSeat(by, now);
            if (now.state() != Approval.State.PENDING) {
                throw new Problem.Conflict(
                        ref + " was decided meanwhile: " + now.state().text(), "mw inbox");
            }
            Optional<Approval> outdated = outdated(now);
            if (outdated.isPresent()) {
                return outdated.get();
            }
            reply.seen().ifPresent(seen -> Seen.parse(seen).requireSame(ref, seen(now)));
            return switch (reply.answer()) {
                case APPROVE -> vote(by, seat, now, reply);
                case REFUSE -> end(by, now, Approval.State.REFUSED, reply.reason());
                case SEND_BACK -> {
                    conversation.note(by, now, Note.Kind.SENT_BACK, reply.reason());
                    yield end(by, now, Approval.State.SENT_BACK, reply.reason());
                }
            };
        });
        if (decided.state() == Approval.State.EXPIRED || decided.state() == Approval.State.VOID) {
            throw new Problem.Conflict(
                    ref + " can no longer be decided: " + decided.reason(),
                    "Whoever asked asks again: mw approve resubmit " + decided.subject());
        }
        return new Decided(decided.subject(), decided.state().name(), decided.missing());
    }

    /** What was decided about, its new state, and how many people are still to approve. */
    public record Decided(String subject, String state, int missing) {}

    /**
     * Approves what a policy grants, where one person's word would be enough; what stands against it is left to people.
     *
     * @param reason by which policy, and where the decision is
     */
    public void grant(String id, String reason) {
        database.write(() -> {
            store.lock(id);
            Approval now = store.approval(id).orElseThrow();
            if (now.state() == Approval.State.PENDING
                    && now.needed() == 1
                    && outdated(now).isEmpty()) {
                matters.of(now).requireGrantable(now);
                end(Actor.SYSTEM, now, Approval.State.APPROVED, reason);
            }
        });
    }

    private Approval vote(Actor by, String seat, Approval approval, Reply reply) {
        matters.of(approval).requireGrantable(approval);
        for (Approval.Vote vote : approval.votes()) {
            if (List.of(vote.by(), vote.seat()).stream()
                    .anyMatch(other -> separation.same(other, by.id()) || separation.same(other, seat))) {
                throw new Problem.Conflict(
                        users.nameOf(vote.by()) + " approved " + approval.subject() + " already, and "
                                + approval.missing() + " more must: another person",
                        "Ask " + String.join(" or ", separation.approvers(approval)) + ".");
            }
        }
        var vote = new Approval.Vote(by.id(), seat, clock.millis(), reply.reason());
        store.vote(approval.id(), vote);
        String model = matters.of(approval).model(approval.subject());
        reply.conditions().forEach(wanted -> conditions.set(by, approval, model, wanted));
        Approval now = store.approval(approval.id()).orElseThrow();
        if (now.missing() == 0) {
            return end(by, now, Approval.State.APPROVED, reply.reason());
        }
        ObjectNode details = Json.object().put("reason", reply.reason()).put("missing", now.missing());
        story.append(by, "voted", now, details.put("for", seat));
        return now;
    }

    Approval waiting(String ref) {
        Approval found = newest(ref);
        if (found.state() != Approval.State.PENDING && !ref.startsWith("approval:")) {
            throw found.state().ended(ref);
        }
        return found;
    }

    /** The approval of that reference, or the newest about that subject. */
    public Approval newest(String ref) {
        return database.read(() -> {
            if (ref.startsWith("approval:")) {
                return store.approval(ref.substring("approval:".length()))
                        .orElseThrow(() -> new Problem.NotFound("No " + ref, "mw inbox"));
            }
            List<Approval> about = store.about(ref);
            if (about.isEmpty()) {
                throw new Problem.NotFound("Nothing about " + ref + " waits for a decision", "mw inbox");
            }
            return about.getLast();
        });
    }

    private Approval end(Actor by, Approval approval, Approval.State state, String reason) {
        if (!store.end(approval.id(), Approval.State.PENDING, state, by.id(), clock.millis(), reason)) {
            throw new Problem.Conflict(approval.ref() + " was decided meanwhile", "mw inbox");
        }
        Approval ended = store.approval(approval.id()).orElseThrow();
        ObjectNode details = Json.object().put("reason", reason).put("requestedBy", approval.requestedBy());
        if (!ended.votes().isEmpty()) {
            details.set("votes", Json.tree(ended.votes()));
        }
        story.append(by, state.text(), ended, details);
        matters.of(ended).decided(by, ended);
        return ended;
    }

    /** Takes back what was granted and not used yet, because what it was about is not that any more. */
    void voidGranted(Approval approval, String reason) {
        if (store.end(
                approval.id(),
                Approval.State.APPROVED,
                Approval.State.VOID,
                approval.decidedBy().orElse(""),
                clock.millis(),
                reason)) {
            story.append(
                    Actor.SYSTEM,
                    "void",
                    approval,
                    Json.object().put("reason", reason).put("granted", true));
        }
    }

    /** Ends a request whose time is over. */
    void expire(String id) {
        database.write(() -> {
            store.lock(id);
            Approval now = store.approval(id).orElseThrow();
            if (now.state() == Approval.State.PENDING && clock.millis() >= now.expiresAt()) {
                end(Actor.SYSTEM, now, Approval.State.EXPIRED, "Nobody decided in time");
            }
        });
    }

    /** Notes that people are to be reminded of a request; once for each stage. */
    void remind(Approval approval, int stage) {
        database.write(() -> {
            if (store.remind(approval.id(), stage)) {
                ObjectNode details = Json.object()
                        .put("last", stage > 1)
                        .put("due", approval.expiresAt())
                        .put("missing", approval.missing());
                details.set("approvers", Json.tree(separation.approvers(approval)));
                story.append(Actor.SYSTEM, "reminded", approval, details);
            }
        });
    }

    /** What somebody who looks now is shown, in parts. */
    Seen seen(Approval approval) {
        var parts = new TreeMap<>(matters.context(approval));
        parts.put("request", approval.shown());
        parts.put("evidence", matters.of(approval).digests(approval.subject()));
        parts.put("votes", approval.votes());
        parts.put("questions", store.notes(approval.subject()));
        return Seen.of(parts);
    }

    /** Everything that people were asked about in a project, newest first. */
    public List<Approval> ofProject(String project) {
        return database.read(() -> store.ofProject(project));
    }

    /** Everything that waits, the first due first. */
    List<Approval> pending() {
        return database.read(store::pending);
    }

    /** All decisions about a subject, oldest first. */
    public List<Approval> about(String subject) {
        return database.read(() -> store.about(subject));
    }
}
