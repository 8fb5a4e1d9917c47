package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw lineage}: what an asset came from, or what came from it and which predictions it touched. */
@Command(
        name = "lineage",
        description = "What came from an asset and which predictions it touched, or what it came from.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: mw lineage dataset:flights@2013-05/1"})
final class LineageCommand implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Parameters(
            paramLabel = "REF",
            description = "Such as dataset:NAME@PERIOD/1, model:NAME/VERSION, source:ID, artifact:SHA256.")
    private String ref = "";

    @ArgGroup
    private Direction direction = new Direction();

    /** Which way. */
    static final class Direction {
        @Option(names = "--up", description = "What it came from.")
        boolean up;

        @Option(names = "--down", description = "What came from it; so unless told otherwise.")
        boolean down;
    }

    @Override
    public Integer call() {
        JsonNode trace = shared.client()
                .get("/api/1/lineage?direction=" + (direction.up ? "up" : "down") + "&ref=" + Client.part(ref));
        if (shared.isDocument()) {
            return shared.show(trace, "ref");
        }
        if (direction.up) {
            return shared.list(trace.path("edges"), "from", "to", "run", "at=at:at");
        }
        if (shared.isTable()) {
            shared.say(trace.path("ref").asText() + " went into other assets: "
                    + (trace.path("assets").size() - 1) + "; model versions among them: "
                    + trace.path("touched").size() + "; predictions of these: "
                    + Texts.count(trace.path("predictions").asLong()));
        }
        return shared.list(
                rows(trace.path("touched")),
                "ref",
                "deployment",
                "kind",
                "from=at:from",
                "until=at:until",
                "predictions",
                "outcomes");
    }

    /** A row for each time in which a version answered; the counts of a deployment stand in its first one. */
    private static ArrayNode rows(JsonNode touched) {
        ArrayNode rows = Json.array();
        for (JsonNode version : touched) {
            String name = version.path("ref").asText();
            if (version.path("answered").isEmpty()) {
                rows.addObject()
                        .put("ref", name)
                        .put("kind", "never answered")
                        .put("predictions", 0)
                        .put("outcomes", 0);
            }
            for (JsonNode answered : version.path("answered")) {
                boolean first = true;
                for (JsonNode time : answered.path("times")) {
                    ObjectNode row = rows.addObject()
                            .put("ref", name)
                            .put("deployment", answered.path("deployment").asText())
                            .put("kind", time.path("trial").asBoolean() ? "trial" : "production")
                            .put("from", time.path("from").asLong());
                    if (time.has("until")) {
                        row.put("until", time.path("until").asLong());
                    }
                    if (first) {
                        row.put("predictions", answered.path("predictions").asLong())
                                .put("outcomes", answered.path("outcomes").asLong());
                    }
                    first = false;
                }
            }
        }
        return rows;
    }
}
