package org.millwright.scoring.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The JSON form of the rules that traffic is held against. */
final class ContractJson {
    private static final int FORMAT = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ContractJson() {}

    static String write(ContractChecks contract) {
        ObjectNode json = JSON.createObjectNode().put("format", FORMAT);
        ArrayNode checks = json.putArray("checks");
        for (ContractCheck check : contract.checks()) {
            ObjectNode node = write(check.source(), checks.addObject())
                    .put("column", check.column())
                    .put("kind", check.kind().text())
                    .put("severity", check.severity().text())
                    .put("expected", check.expected());
            if (!check.most().equals(ContractCheck.Most.NONE)) {
                node.putObject("most")
                        .put("value", check.most().value())
                        .put("share", check.most().share())
                        .put("below", check.most().below());
            }
            ArrayNode arguments = node.putArray("arguments");
            check.arguments().forEach(arguments::add);
        }
        ArrayNode unchecked = json.putArray("unchecked");
        contract.unchecked()
                .forEach(rule -> write(rule.source(), unchecked.addObject()).put("why", rule.why()));
        return json.toString();
    }

    private static ObjectNode write(ContractCheck.Source source, ObjectNode node) {
        return node.put("contract", source.contract())
                .put("digest", source.digest())
                .put("dataset", source.dataset())
                .put("rule", source.rule());
    }

    static ContractChecks read(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (json.path("format").asInt() != FORMAT) {
                throw new IllegalArgumentException("rules of contracts of format " + json.path("format")
                        + ": this version reads format " + FORMAT + "; take a newer Millwright");
            }
            List<ContractCheck> checks = new ArrayList<>();
            List<ContractChecks.Unchecked> unchecked = new ArrayList<>();
            json.path("unchecked")
                    .forEach(rule -> unchecked.add(new ContractChecks.Unchecked(
                            source(rule), rule.path("why").asText())));
            for (JsonNode node : json.path("checks")) {
                Optional<ContractCheck.Kind> kind = kind(node.path("kind").asText());
                if (kind.isEmpty()) {
                    String why = "this version does not know how to check '"
                            + node.path("kind").asText() + "'; take a newer Millwright";
                    unchecked.add(new ContractChecks.Unchecked(source(node), why));
                } else {
                    checks.add(check(node, kind.get()));
                }
            }
            return new ContractChecks(checks, unchecked);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not rules of contracts: " + e.getOriginalMessage(), e);
        }
    }

    private static Optional<ContractCheck.Kind> kind(String text) {
        return Arrays.stream(ContractCheck.Kind.values())
                .filter(kind -> kind.text().equals(text))
                .findFirst();
    }

    private static ContractCheck check(JsonNode node, ContractCheck.Kind kind) {
        List<String> arguments = new ArrayList<>();
        node.path("arguments").forEach(argument -> arguments.add(argument.asText()));
        JsonNode most = node.path("most");
        return new ContractCheck(
                source(node),
                node.path("column").asText(),
                kind,
                arguments,
                new ContractCheck.Most(
                        most.path("value").asDouble(),
                        most.path("share").asBoolean(),
                        most.path("below").asBoolean()),
                severity(node.path("severity").asText()),
                node.path("expected").asText());
    }

    /** What is unknown counts as an error, as it does in a contract. */
    private static ContractCheck.Severity severity(String text) {
        return Arrays.stream(ContractCheck.Severity.values())
                .filter(severity -> severity.text().equals(text))
                .findFirst()
                .orElse(ContractCheck.Severity.ERROR);
    }

    private static ContractCheck.Source source(JsonNode node) {
        return new ContractCheck.Source(
                node.path("contract").asText(),
                node.path("digest").asText(),
                node.path("dataset").asText(),
                node.path("rule").asText());
    }
}
