package org.millwright.gate;

import static org.millwright.pipeline.StepKind.need;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.millwright.artifact.Artifacts;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKind;
import org.millwright.pipeline.StepRunner;

/** Steps of kind {@code gate}: the project's rules on what the steps before it found out. */
public final class GateStep implements StepRunner {
    private static final StepKind KIND = new StepKind(
            "gate", 1, List.of(need("rules", StepKind.Form.DATA)), Map.of("verdict", OutputType.JSON), false, false);

    private final Gates gates;
    private final Artifacts artifacts;

    public GateStep(Gates gates, Artifacts artifacts) {
        this.gates = gates;
        this.artifacts = artifacts;
    }

    @Override
    public StepKind kind() {
        return KIND;
    }

    @Override
    public void check(Yaml.Value entry) {
        entry.get("rules").ifPresent(rules -> {
            var names = new HashSet<String>();
            for (Yaml.Value rule : rules.items()) {
                rule.only("name", "check", "fix");
                String name = rule.text("name");
                if (!names.add(name)) {
                    rule.error("a second rule named '" + name + "'");
                }
                rule.need("fix");
                rule.need("check").ifPresent(GateStep::checkExpression);
            }
            if (names.isEmpty()) {
                rules.error("a gate without rules lets nothing pass: write at least one");
            }
        });
    }

    private static void checkExpression(Yaml.Value value) {
        try {
            Rules.compile(value.asText());
        } catch (IllegalArgumentException e) {
            value.error("not a CEL expression of true or false: " + e.getMessage() + " (values: "
                    + String.join(", ", Rules.INPUTS) + ")");
        }
    }

    @Override
    public Result run(StepContext context) {
        var rules = new ArrayList<Rule>();
        context.settings()
                .path("rules")
                .forEach(rule -> rules.add(new Rule(
                        rule.path("name").asText(),
                        rule.path("check").asText(),
                        rule.path("fix").asText())));
        Judgement judgement = gates.judge(
                context.actor(), context.project().name(), context.run().ref(), rules, inputs(context));
        judgement
                .verdicts()
                .forEach(verdict -> context.log()
                        .say(verdict.outcome() + " " + verdict.rule().name() + ": "
                                + verdict.rule().check()
                                + (verdict.detail().isEmpty() ? "" : " (" + verdict.detail() + ")")));
        if (!judgement.passed()) {
            throw new Problem.Refused("The gate is closed: " + judgement.failures(), "");
        }
        ObjectNode verdict = Json.object().put("passed", true).put("inputs", judgement.inputs());
        verdict.set("verdicts", Json.tree(judgement.verdicts()));
        String digest = artifacts
                .put(Json.canonical(verdict).getBytes(StandardCharsets.UTF_8))
                .sha256();
        var output =
                new Output("verdict", OutputType.JSON, digest, Json.object().put("judgement", judgement.id()));
        return new Result(List.of(output), judgement.verdicts().size() + " of " + rules.size() + " rules passed");
    }

    /** What earlier steps found out, in the form that {@link Rules} documents. */
    private ObjectNode inputs(StepContext context) {
        ObjectNode inputs = Json.object();
        context.nearest("evaluation")
                .ifPresent(evaluation -> document(evaluation)
                        .properties()
                        .forEach(field -> inputs.set(field.getKey(), field.getValue())));
        context.nearest("report").ifPresent(report -> inputs.set("handoff", document(report)));
        ObjectNode data = inputs.putObject("data");
        context.upstream()
                .values()
                .forEach(outputs -> outputs.values().stream()
                        .filter(output -> output.type() == OutputType.DATASET)
                        .forEach(output -> data.put(
                                output.name(), output.info().path("rows").asLong())));
        inputs.set("parameters", Json.tree(context.parameters()));
        return inputs;
    }

    private JsonNode document(Output output) {
        return Json.parse(artifacts.bytes(output.digest()));
    }
}
