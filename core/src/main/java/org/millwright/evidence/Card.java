package org.millwright.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.millwright.kernel.Json;

/**
 * What is known about a model version or a dataset, on one sheet.
 *
 * @param kind {@code model} or {@code dataset}
 * @param ref asset reference
 * @param parts in the order in which they are read
 */
public record Card(String kind, String ref, String title, String lead, List<Part> parts) {
    public Card {
        parts = List.copyOf(parts);
    }

    /**
     * One heading of it.
     *
     * @param note what stands below the heading, "" for nothing
     * @param section the hand-written section that this is, null for records
     */
    public record Part(
            Answer answer,
            String note,
            @org.jspecify.annotations.Nullable Section section) {
        public String id() {
            return answer.query().replace('.', '-');
        }

        public boolean isWritten() {
            return section != null;
        }

        /** The hand-written text, "" when there is none. */
        public String text() {
            return section == null ? "" : answer.record().path("text").asText();
        }
    }

    /** Everything that is lacking, by who owes it. */
    public List<Answer.Lacking> gaps() {
        return parts.stream()
                .flatMap(part -> part.answer().lacking().stream())
                .distinct()
                .toList();
    }

    public ObjectNode json() {
        ObjectNode json = Json.object()
                .put("card", kind)
                .put("ref", ref)
                .put("title", title)
                .put("lead", lead);
        var all = json.putArray("parts");
        parts.forEach(part -> all.add(json(part.answer()).put("note", part.note())));
        json.set("gaps", lacking(gaps()));
        return json;
    }

    static ObjectNode json(Answer answer) {
        ObjectNode json = Json.object()
                .put("id", answer.query())
                .put("title", answer.title())
                .put("state", answer.state().text())
                .put("said", answer.said());
        json.set("record", answer.record());
        json.set("lacking", lacking(answer.lacking()));
        return json;
    }

    static com.fasterxml.jackson.databind.node.ArrayNode lacking(List<Answer.Lacking> lacking) {
        var all = Json.array();
        lacking.forEach(gap ->
                all.addObject().put("what", gap.what()).put("owes", gap.owes().text()));
        return all;
    }
}
