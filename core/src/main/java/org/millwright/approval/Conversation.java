package org.millwright.approval;

import java.time.Clock;
import java.util.List;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;

/** Questions and answers about requests that wait, kept with all requests of the same subject. */
public final class Conversation {
    private final Approvals approvals;
    private final Database database;
    private final ApprovalStory story;
    private final Users users;
    private final Clock clock;
    private final Ids ids;

    Conversation(Approvals approvals, Database database, ApprovalStory story, Users users, Clock clock, Ids ids) {
        this.approvals = approvals;
        this.database = database;
        this.story = story;
        this.users = users;
        this.clock = clock;
        this.ids = ids;
    }

    /** Those who may decide ask; those who asked for it, and others who may ask for releases, answer. */
    public Note say(Actor by, String ref, String text) {
        if (text.isBlank()) {
            throw new Problem.Invalid("Nothing is said", "mw approve say " + ref + " --text …");
        }
        Reply.requireLength(text);
        Approval waiting = approvals.waiting(ref);
        boolean asks = approvals.separation().seat(by, waiting).isPresent();
        if (!asks && !approvals.separation().concerns(by.id(), waiting)) {
            users.access().require(by, Permission.REQUEST_RELEASE, waiting.project());
        }
        return database.write(() -> note(by, waiting, asks ? Note.Kind.QUESTION : Note.Kind.ANSWER, text));
    }

    /** Notes something in the transaction that it belongs to. */
    Note note(Actor by, Approval approval, Note.Kind kind, String text) {
        var note = new Note(ids.next(), kind, by.id(), clock.millis(), text);
        approvals.store().insert(approval.id(), note);
        if (kind != Note.Kind.SENT_BACK) {
            story.said(by, kind == Note.Kind.QUESTION ? "asked" : "answered", approval, text);
        }
        return note;
    }

    /** What was said about a subject, oldest first. */
    public List<Note> about(String subject) {
        return database.read(() -> approvals.store().notes(subject));
    }
}
