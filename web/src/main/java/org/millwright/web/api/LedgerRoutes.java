package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.HashMap;
import java.util.function.UnaryOperator;
import org.millwright.anchor.Anchors;
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
    private final Anchors anchors;
    private final Users users;

    public LedgerRoutes(Ledger ledger, Anchors anchors, Users users) {
        this.ledger = ledger;
        this.anchors = anchors;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/ledger", this::entries);
        routing.get("/api/1/ledger/verification", this::verify);
        routing.post("/api/1/ledger/checkpoints", this::checkpoint);
        routing.get("/api/1/ledger/checkpoints", this::checkpoints);
        routing.get("/api/1/ledger/entries/{ref}/proof", this::proof);
        routing.get("/api/1/ledger/proofs/{index}", this::inclusion);
        routing.get("/api/1/ledger/consistency", this::consistency);
        routing.get("/api/1/ledger/anchors", this::listAnchors);
        routing.get("/api/1/ledger/anchors/receipts", this::receipts);
        routing.post("/api/1/ledger/anchors", this::anchor);
        routing.post("/api/1/ledger/keys", this::changeKey);
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
        var names = new HashMap<String, String>();
        found.forEach(entry -> {
            ObjectNode json = entry(entry, id -> names.computeIfAbsent(id, users::nameOf));
            all.add(json);
            if (entry.index() < size) {
                json.set("proof", Json.tree(ledger.inclusion(entry.index(), size)));
            }
        });
        Http.json(response, Json.object().put("size", ledger.size()).set("entries", all));
    }

    /** @param nameOf looks each name up once in a request */
    private static ObjectNode entry(Entry entry, UnaryOperator<String> nameOf) {
        ObjectNode json = Json.object()
                .put("index", entry.index())
                .put("id", entry.id())
                .put("at", entry.at())
                .put("actor", nameOf.apply(entry.actor()))
                .put("authenticated", entry.authenticated())
                .put("action", entry.action());
        json.set("subjects", Json.tree(entry.subjects()));
        ObjectNode names = Json.object();
        entry.subjects().stream()
                .filter(subject -> subject.startsWith(USER))
                .forEach(subject -> names.put(subject, nameOf.apply(subject.substring(USER.length()))));
        entry.details().forEach(value -> {
            if (value.isTextual() && value.asText().startsWith(PERSON)) {
                names.put(value.asText(), nameOf.apply(value.asText()));
            }
        });
        if (!names.isEmpty()) {
            json.set("names", names);
        }
        json.set("details", entry.details());
        return json.put("leaf", entry.leaf()).put("hash", entry.hash());
    }

    private void verify(ServerRequest request, ServerResponse response) {
        try {
            Anchors.Verified verified = anchors.verify(Http.actor(request));
            ObjectNode json = (ObjectNode) Json.tree(verified.ledger());
            json.set("anchors", Json.tree(verified.places()));
            var changes = json.putArray("keyChanges");
            verified.ledger()
                    .keys()
                    .forEach(change -> changes.addObject()
                            .put("index", change.index())
                            .put("key", change.after().text())
                            .put("signedByTheOneBefore", change.signed()));
            Http.json(response, json);
        } catch (Altered e) {
            throw new Problem.Refused(
                    "The ledger does not hold: " + e.getMessage(),
                    "Keep the database as it is and compare it with a backup and with exported checkpoints.");
        }
    }

    private void listAnchors(ServerRequest request, ServerResponse response) {
        Http.json(response, Json.object().set("anchors", Json.tree(anchors.list(Http.actor(request)))));
    }

    /** What transparency logs answered, by size of what was entered. */
    private void receipts(ServerRequest request, ServerResponse response) {
        var all = Json.array();
        int from = Http.query(request, "from", 0, Integer.MAX_VALUE);
        anchors.receipts(Http.actor(request), from, Http.query(request, "limit", 100, 1_000))
                .forEach(kept -> all.addObject()
                        .put("place", kept.place())
                        .put("size", kept.note().size())
                        .put("note", kept.note().text())
                        .put("uuid", kept.receipt().uuid())
                        .set("bundle", Json.parse(kept.receipt().bundle())));
        Http.json(response, Json.object().set("receipts", all));
    }

    private void anchor(ServerRequest request, ServerResponse response) {
        Http.json(response, Json.object().set("anchors", Json.tree(anchors.now(Http.actor(request)))));
    }

    /** Makes a new key, by the one that signs now or, when that was lost, by an administrator's word. */
    private void changeKey(ServerRequest request, ServerResponse response) {
        require(request, Permission.MANAGE_USERS);
        Body body = Body.of(request, "reason", "lost");
        String reason = body.text("reason");
        boolean lost = body.flag("lost", false);
        Checkpoint signed = lost
                ? ledger.keys().replaceLost(Http.actor(request), reason)
                : ledger.keys().rotate(Http.actor(request), reason);
        Http.json(response, checkpoint(signed).put("key", ledger.verifierKey()));
    }

    private void checkpoint(ServerRequest request, ServerResponse response) {
        require(request, Permission.READ);
        Http.json(response, checkpoint(ledger.checkpoint()));
    }

    private void checkpoints(ServerRequest request, ServerResponse response) {
        require(request, Permission.READ);
        var all = Json.array();
        ledger.checkpoints().forEach(checkpoint -> all.add(checkpoint(checkpoint)));
        ObjectNode json = Json.object().put("key", ledger.verifierKey());
        json.set("keys", Json.tree(ledger.keys().all()));
        Http.json(response, json.set("checkpoints", all));
    }

    private static ObjectNode checkpoint(Checkpoint checkpoint) {
        return Json.object()
                .put("size", checkpoint.size())
                .put("at", checkpoint.at())
                .put("root", checkpoint.root())
                .put("note", checkpoint.note());
    }

    /** That an entry, by its place or id, is in the log that a checkpoint signed. */
    private void proof(ServerRequest request, ServerResponse response) {
        require(request, Permission.READ);
        Entry entry = entry(Http.path(request, "ref"));
        Checkpoint signed = signed(request, entry);
        var hashes = ledger.inclusion(entry.index(), signed.size());
        ObjectNode json = Json.object()
                .put("index", entry.index())
                .put("id", entry.id())
                .put("action", entry.action())
                .put("size", signed.size())
                .put("leaf", entry.leaf())
                .put("hash", entry.hash())
                .put("note", signed.note())
                .put("key", ledger.verifierKey());
        json.set("hashes", Json.tree(hashes));
        Http.json(response, json);
    }

    private Entry entry(String ref) {
        boolean place = ref.matches("[0-9]{1,18}");
        return (place ? ledger.from(Long.parseLong(ref), 1).stream().findFirst() : ledger.entry(ref))
                .orElseThrow(() -> new Problem.NotFound(
                        "No entry " + ref.substring(0, Math.min(64, ref.length())) + " is in the ledger",
                        "mw ledger list"));
    }

    /** The checkpoint of the size that was asked for, or the newest. */
    private Checkpoint signed(ServerRequest request, Entry entry) {
        var checkpoints = ledger.checkpoints();
        long size = Http.query(request, "size", 0, Integer.MAX_VALUE);
        Checkpoint signed = checkpoints.stream()
                .filter(each -> size == 0 || each.size() == size)
                .reduce((first, second) -> second)
                .orElseThrow(() -> new Problem.Conflict(
                        "No checkpoint signs the first " + size + " entries", "POST /api/1/ledger/checkpoints signs"));
        if (signed.size() <= entry.index()) {
            throw new Problem.Conflict(
                    "Entry " + entry.index() + " is newer than the checkpoint of " + signed.size() + " entries",
                    "POST /api/1/ledger/checkpoints signs what is there now");
        }
        return signed;
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

    /** That the log of size {@code to} begins with that of size {@code from}; once they were called old and size. */
    private void consistency(ServerRequest request, ServerResponse response) {
        require(request, Permission.READ);
        int now = (int) ledger.size();
        long to = Http.query(request, "to", Http.query(request, "size", now, now), now);
        long from = Http.query(request, "from", Http.query(request, "old", 0, (int) to), (int) to);
        if (from < 1) {
            throw new Problem.Invalid("from: " + from + " (expected: 1 to " + to + ", the size of the older log)");
        }
        ObjectNode json = Json.object().put("from", from).put("to", to);
        Http.json(response, json.set("hashes", Json.tree(ledger.consistency(from, to))));
    }
}
