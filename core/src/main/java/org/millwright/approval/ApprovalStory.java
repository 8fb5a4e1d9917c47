package org.millwright.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;
import org.millwright.project.Project;

/** What the ledger tells of requests: about the subject, the request, the project and the model at once. */
final class ApprovalStory {
    private final Ledger ledger;
    private final Function<Approval, Matter> matters;

    ApprovalStory(Ledger ledger, Function<Approval, Matter> matters) {
        this.ledger = ledger;
        this.matters = matters;
    }

    /** Appends what happened with everything that the request is bound to. */
    void append(Actor by, String event, Approval approval, ObjectNode more) {
        ObjectNode details = Json.object().put("title", approval.title());
        details.set("digests", Json.tree(approval.digests()));
        details.put("shown", Json.digest(approval.shown()));
        details.setAll(more);
        ledger.append(by, "approval." + event, subjects(approval), details);
    }

    /** Appends what was said. */
    void said(Actor by, String event, Approval approval, String text) {
        ledger.append(by, "approval." + event, subjects(approval), Json.object().put("text", text));
    }

    private List<String> subjects(Approval approval) {
        var subjects = new ArrayList<>(List.of(approval.subject(), approval.ref(), Project.ref(approval.project())));
        subjects.addAll(matters.apply(approval).concerned(approval.subject()));
        return subjects;
    }
}
