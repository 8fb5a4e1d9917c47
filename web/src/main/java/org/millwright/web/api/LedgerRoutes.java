package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Altered;
import org.millwright.ledger.Checkpoint;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** The ledger: entries, verification, signed checkpoints and proofs. */
public final class LedgerRoutes implements Routes {
    private static final String USER = "user:";
    /** How the ids of users begin. */
    private static final String PERSON = "u-";

    private final Ledger ledger;
    private final Users users;

    public LedgerRoutes(Ledger ledger, Users users) {
        this.ledger = ledger;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/ledger", this::entries);
        routing.get("/api/1/ledger/verification", this::verify);
        routing.post("/api/1/ledger/checkpoints", this::checkpoint);
        routing.get("/api/1/ledger/checkpoints", this::checkpoints);
        routing.get("/api/1/ledger/proofs/{index}", this::inclusion);
        routing.get("/api/1/ledger/consistency", this::consistency);
    }

    private void require(ServerRequest request, Permission permission) {
        users.access().require(Http.actor(request), permission);
    }

    /** Entries of one subject, or from an index on; with {@code proofs=SIZE} each with its proof in the tree of that size. */
    private void entries(ServerRequest request, ServerResponse response) {
        require(request, Permission.READ);
        var all = Json.array();
        var subject = Http.query(request, "subject");
        var found = subject.isPresent()
                ? ledger.about(subject.get())
                : ledger.from(
                        Http.query(request, "from", 0, Integer.MAX_VALUE), Http.query(request, "limit", 1_000, 10_000));
        long size = Http.query(request, "proofs", 0, (int) ledger.size());
        found.forEach(entry -> {
            ObjectNode json = entry(entry);
            all.add(json);
            if (entry.index() < size) {
                json.set("proof", Json.tree(ledger.inclusion(entry.index(), size)));
            }
        });
        Http.json(response, Json.object().put("size", ledger.size()).set("entries", all));
    }

    private ObjectNode entry(Entry entry) {
        ObjectNode json = Json.object()
                .put("index", entry.index())
                .put("id", entry.id())
                .put("at", entry.at())
                .put("actor", users.nameOf(entry.actor()))
                .put("authenticated", entry.authenticated())
                .put("action", entry.action());
        json.set("subjects", Json.tree(entry.subjects()));
        ObjectNode names = Json.object();
        entry.subjects().stream()
                .filter(subject -> subject.startsWith(USER))
                .forEach(subject -> names.put(subject, users.nameOf(subject.substring(USER.length()))));
        entry.details().forEach(value -> {
            if (value.isTextual() && value.asText().startsWith(PERSON)) {
                names.put(value.asText(), users.nameOf(value.asText()));
            }
        });
        if (!names.isEmpty()) {
            json.set("names", names);
        }
        json.set("details", entry.details());
        return json.put("leaf", entry.leaf()).put("hash", entry.hash());
    }

    private void verify(ServerRequest request, ServerResponse response) {
        require(request, Permission.READ);
        try {
            Http.json(response, ledger.verify());
        } catch (Altered e) {
            throw new Problem.Refused(
                    "The ledger does not hold: " + e.getMessage(),
                    "Keep the database as it is and compare it with a backup and with exported checkpoints.");
        }
    }

    private void checkpoint(ServerRequest request, ServerResponse response) {
        require(request, Permission.READ);
        Http.json(response, checkpoint(ledger.checkpoint()));
    }

    private void checkpoints(ServerRequest request, ServerResponse response) {
        require(request, Permission.READ);
        var all = Json.array();
        ledger.checkpoints().forEach(checkpoint -> all.add(checkpoint(checkpoint)));
        Http.json(response, Json.object().put("key", ledger.verifierKey()).set("checkpoints", all));
    }

    private static ObjectNode checkpoint(Checkpoint checkpoint) {
        return Json.object()
                .put("size", checkpoint.size())
                .put("at", checkpoint.at())
                .put("root", checkpoint.root())
                .put("note", checkpoint.note());
    }

    private void inclusion(ServerRequest request, ServerResponse response) {
        require(request, Permission.READ);
        long size = size(request);
        Http.json(response, Json.object().set("hashes", Json.tree(ledger.inclusion(index(request, size), size))));
    }

    /** The size of the tree that a proof is asked for; that of now by default. */
    private long size(ServerRequest request) {
        int now = (int) ledger.size();
        return Http.query(request, "size", now, now);
    }

    private static long index(ServerRequest request, long size) {
        String text = Http.path(request, "index");
        try {
            long index = Long.parseLong(text);
            if (index >= 0 && index < size) {
                return index;
            }
        } catch (NumberFormatException e) {
            // falls through to the one message
        }
        throw new Problem.Invalid("index: '" + text + "' (expected: 0 to " + (size - 1) + ")");
    }

    private void consistency(ServerRequest request, ServerResponse response) {
        require(request, Permission.READ);
        long size = size(request);
        long old = Http.query(request, "old", 0, (int) size);
        Http.json(response, Json.object().set("hashes", Json.tree(ledger.consistency(old, size))));
    }
}
