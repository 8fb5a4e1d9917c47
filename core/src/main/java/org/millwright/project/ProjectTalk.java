package org.millwright.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Questions and answers about requests for projects, in place. */
final class ProjectTalk {
    private static final int LONGEST = 4_000;
    private static final int MOST_NOTES = 1_000;

    private final Database database;
    private final Ledger ledger;
    private final Users users;
    private final Access access;
    private final Clock clock;
    private final ProjectStore store;
    private final RequestStore said;
    private final Reviewers reviewers;

    ProjectTalk(
            Database database,
            Ledger ledger,
            Users users,
            Clock clock,
            ProjectStore store,
            RequestStore said,
            Reviewers reviewers) {
        this.database = database;
        this.ledger = ledger;
        this.users = users;
        this.access = users.access();
        this.clock = clock;
        this.store = store;
        this.said = said;
        this.reviewers = reviewers;
    }

    ProjectNote ask(Actor by, String name, String question) {
        ProjectVersion version = newest(by, name);
        String text = text(question, "Ask something");
        return database.write(() -> note(by, version, ProjectNote.Kind.QUESTION, Optional.empty(), text));
    }

    ProjectNote answer(Actor by, String name, Optional<String> question, String answer) {
        ProjectVersion version = newest(by, name);
        String text = text(answer, "Answer something");
        return database.write(() -> {
            List<ProjectNote> notes = said.notes(name);
            ProjectNote asked = notes.stream()
                    .filter(note -> note.kind() == ProjectNote.Kind.QUESTION)
                    .filter(note -> question.map(id -> note.id().equals(id)).orElse(isOpen(note, notes)))
                    .findFirst()
                    .orElseThrow(() -> new Problem.NotFound(
                            question.map(id -> "Project " + name + " was not asked " + id)
                                    .orElse("No question about project " + name + " waits for an answer"),
                            "mw project show " + name));
            if (users.samePerson(asked.by(), by.id())) {
                throw new Problem.Denied(
                        by.name() + " asked that: somebody else answers", "Ask again: mw project ask " + name);
            }
            return note(by, version, ProjectNote.Kind.ANSWER, Optional.of(asked.id()), text);
        });
    }

    private static boolean isOpen(ProjectNote question, List<ProjectNote> notes) {
        return notes.stream().noneMatch(note -> note.question().equals(Optional.of(question.id())));
    }

    /** Keeps what was said; the ledger has its digest, so that what people wrote can be erased. */
    ProjectNote note(Actor by, ProjectVersion version, ProjectNote.Kind kind, Optional<String> question, String text) {
        if (said.notes(version.project()).size() >= MOST_NOTES) {
            throw new Problem.Invalid(
                    "Project " + version.project() + " has " + MOST_NOTES + " notes (that is the most)");
        }
        ObjectNode details = Json.object()
                .put("file", version.digest())
                .put("text", Json.sha256(text.getBytes(StandardCharsets.UTF_8)));
        question.ifPresent(id -> details.put("question", id));
        String action = switch (kind) {
            case QUESTION -> "project.asked-about";
            case ANSWER -> "project.answered";
            case SENT_BACK -> "project.sent-back";
            case REVIEW -> "project.reviewed";
        };
        String id = ledger.append(by, action, Project.ref(version.project()), details);
        var note =
                new ProjectNote(id, version.project(), version.digest(), kind, question, by.id(), clock.millis(), text);
        said.add(note);
        return note;
    }

    static String text(String text, String expected) {
        if (text.isBlank() || text.length() > LONGEST) {
            throw new Problem.Invalid(
                    expected + " (expected: 1 to " + LONGEST + " characters, got " + text.length() + ")");
        }
        return text.strip();
    }

    /** The file that is talked about: what waits, or was decided last. */
    private ProjectVersion newest(Actor by, String name) {
        requireTalk(by, name);
        return database.read(() -> last(name)).orElseThrow(() -> ProjectRequests.missing(name));
    }

    private Optional<ProjectVersion> last(String name) {
        return store.versions(name).stream().reduce((older, newer) -> newer);
    }

    void requireTalk(Actor by, String name) {
        boolean may = database.read(() -> last(name)
                .map(version -> reviewers.mayTalk(by, version))
                .orElseGet(() -> access.allows(by, Permission.APPROVE, Optional.of(name))));
        if (!may) {
            access.require(by, Permission.REQUEST_PROJECT, name);
        }
    }

    List<ProjectNote> notes(String name) {
        return database.read(() -> said.notes(name));
    }
}
