package org.millwright.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** A model's card as a machine-learning bill of materials: CycloneDX 1.6, a component with its {@code modelCard}. */
public final class CycloneDx {
    private CycloneDx() {}

    public static ObjectNode of(Card card) {
        if (!card.kind().equals("model")) {
            throw new Problem.Invalid("form: 'cyclonedx' is for models (expected of a dataset: json, md or html)");
        }
        ObjectNode bom = Json.object()
                .put("bomFormat", "CycloneDX")
                .put("specVersion", "1.6")
                .put("version", 1);
        int slash = card.ref().lastIndexOf('/');
        ObjectNode model = bom.putArray("components")
                .addObject()
                .put("type", "machine-learning-model")
                .put("bom-ref", card.ref())
                .put("name", card.ref().substring("model:".length(), slash))
                .put("version", card.ref().substring(slash + 1))
                .put("description", card.lead());
        String root = record(card, "certificate").path("root").asText();
        if (!root.isEmpty()) {
            model.putArray("hashes").addObject().put("alg", "SHA-256").put("content", root);
        }
        ObjectNode modelCard = model.putObject("modelCard");
        parameters(card, modelCard.putObject("modelParameters"));
        metrics(card, modelCard.putObject("quantitativeAnalysis").putArray("performanceMetrics"));
        considerations(card, modelCard.putObject("considerations"));
        return bom;
    }

    private static JsonNode record(Card card, String query) {
        return card.parts().stream()
                .filter(part -> part.answer().query().equals(query))
                .findFirst()
                .<JsonNode>map(part -> part.answer().record())
                .orElseGet(Json::object);
    }

    private static void parameters(Card card, ObjectNode parameters) {
        parameters.putObject("approach").put("type", "supervised");
        String task = record(card, "purpose").path("task").asText();
        if (!task.isEmpty()) {
            parameters.put("task", task);
        }
        ArrayNode datasets = parameters.putArray("datasets");
        record(card, "data-lineage").path("datasets").forEach(row -> {
            ObjectNode dataset = datasets.addObject()
                    .put("type", "dataset")
                    .put("name", row.path("dataset").asText());
            if (!row.path("classification").asText().isEmpty()) {
                dataset.put("classification", row.path("classification").asText());
            }
        });
        columns(record(card, "signature").path("inputs"), parameters.putArray("inputs"));
        columns(record(card, "signature").path("outputs"), parameters.putArray("outputs"));
    }

    private static void columns(JsonNode columns, ArrayNode formats) {
        columns.forEach(column -> formats.addObject()
                .put(
                        "format",
                        column.path("column").asText() + ": "
                                + column.path("type").asText()));
    }

    private static void metrics(Card card, ArrayNode metrics) {
        record(card, "metrics").path("metrics").forEach(row -> {
            ObjectNode metric = metrics.addObject()
                    .put("type", row.path("metric").asText())
                    .put("value", row.path("value").asText());
            if (row.has("low") && row.has("high")) {
                metric.putObject("confidenceInterval")
                        .put("lowerBound", row.path("low").asText())
                        .put("upperBound", row.path("high").asText());
            }
        });
    }

    private static void considerations(Card card, ObjectNode considerations) {
        text(card, Section.INTENDED_USE, considerations.putArray("useCases"));
        text(card, Section.LIMITATIONS, considerations.putArray("technicalLimitations"));
        String ethics = record(card, Queries.section(Section.ETHICAL_CONSIDERATIONS))
                .path("text")
                .asText();
        if (!ethics.isEmpty()) {
            considerations.putArray("ethicalConsiderations").addObject().put("name", ethics);
        }
    }

    private static void text(Card card, Section section, ArrayNode list) {
        String text = record(card, Queries.section(section)).path("text").asText();
        if (!text.isEmpty()) {
            list.add(text);
        }
    }
}
