package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.millwright.approval.Approval;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;

/** Who approved so far, as JSON. */
final class Votes {
    private Votes() {}

    static ArrayNode json(Approval approval, Users users) {
        ArrayNode votes = Json.array();
        for (Approval.Vote vote : approval.votes()) {
            ObjectNode json = votes.addObject()
                    .put("by", users.nameOf(vote.by()))
                    .put("at", vote.at())
                    .put("reason", vote.reason());
            if (!vote.seat().equals(vote.by())) {
                json.put("for", users.nameOf(vote.seat()));
            }
        }
        return votes;
    }
}
