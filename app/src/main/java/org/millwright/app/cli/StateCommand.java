package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.history.Moments;
import org.millwright.history.State;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw state}: what was the case about an asset at any moment, and the entries that prove it. */
@Command(
        name = "state",
        description = "What was the case about an asset, now or at any moment.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: mw state model:flight-delays --at 2026-03-01T12:00Z"})
final class StateCommand implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Parameters(
            paramLabel = "REF",
            description = "Such as model:NAME, model:NAME/VERSION, deployment:NAME, project:NAME, dataset:NAME@PERIOD.")
    private String ref = "";

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "Such as 2026-03-01T12:00Z or 2026-03-01; now by default.")
    private Optional<String> at = Optional.empty();

    @Option(
            names = "--proof",
            paramLabel = "PATH",
            description =
                    "Write the proof of each entry there: a file that ends in .json, or a folder for other verifiers.")
    private Optional<Path> proof = Optional.empty();

    private static final int WIDEST = 80;

    @Override
    public Integer call() {
        at.ifPresent(Moments::parse);
        Client client = shared.client();
        JsonNode state = client.get("/api/1/state/" + Client.part(ref)
                + at.map(time -> "?at=" + Client.part(time)).orElse(""));
        proof.ifPresent(path -> prove(client, state, path));
        if (!shared.isTable()) {
            return shared.list(rows(state), "about=ref", "fact=name", "value", "entry=index", "since=at:at", "by");
        }
        shared.print(state.path("sentence").asText());
        shared.print("");
        JsonNode rows = rows(state);
        rows.forEach(row -> shorten((ObjectNode) row));
        return shared.list(rows, "about=ref", "fact=name", "value", "entry=index", "since=at:at", "by");
    }

    /** A table shows the beginning of a long value; the other forms all of it. */
    private static void shorten(ObjectNode row) {
        JsonNode value = row.path("value");
        String text = value.isTextual() ? value.asText() : value.toString();
        if (text.length() > WIDEST) {
            row.put("value", text.substring(0, WIDEST) + "…");
        }
    }

    private static JsonNode rows(JsonNode state) {
        var rows = Json.array();
        state.path("assets")
                .forEach(asset -> asset.path("facts").forEach(fact -> {
                    var row = fact.deepCopy();
                    ((ObjectNode) row).set("ref", asset.path("ref"));
                    rows.add(row);
                }));
        return rows;
    }

    /** Proves each entry that tells a fact, and that it tells this very fact. */
    private void prove(Client client, JsonNode state, Path path) {
        var places = new LinkedHashSet<String>();
        state.path("assets")
                .forEach(asset -> asset.path("facts")
                        .forEach(fact -> places.add(fact.path("index").asText())));
        LedgerProof made = LedgerProof.of(client, places);
        made.check(Optional.empty());
        state.path("assets")
                .forEach(asset -> asset.path("facts").forEach(fact -> {
                    Entry entry = made.entry(fact.path("index").asLong());
                    String told = State.nothing(asset.path("ref").asText())
                            .apply(entry)
                            .fact(fact.path("name").asText())
                            .map(known -> known.value().toString())
                            .orElse("");
                    if (!told.equals(fact.path("value").toString())
                            && !entry.leaf().contains("\"salted\"")) {
                        throw new Problem.Refused(
                                "Entry " + entry.index() + " does not tell the "
                                        + fact.path("name").asText() + " of "
                                        + asset.path("ref").asText() + " that the server says",
                                "Verify the ledger: mw ledger verify");
                    }
                }));
        Path target = shared.around().resolve(path);
        made.write(target);
        shared.say("The proofs of " + places.size() + " entries are in " + target
                + ". Check them anywhere, with no server:" + " mw ledger verify " + path);
    }
}
