package org.millwright.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.millwright.kernel.Json;

/**
 * What the records answer of a framework about one model version. It never says that a law is met: that is for people.
 *
 * @param answers by the query's name
 * @param people who has each role in the project, by the role's text
 */
public record Assessment(
        String ref, String project, FrameworkMap map, Map<String, Answer> answers, Map<String, List<String>> people) {

    /** An item with what answers it. */
    public record Judged(FrameworkMap.Item item, Answer.State state, List<Answer> answers) {
        /** What is lacking, each once. */
        public List<Answer.Lacking> lacking() {
            return answers.stream()
                    .flatMap(answer -> answer.lacking().stream())
                    .distinct()
                    .toList();
        }
    }

    public List<Judged> items() {
        return map.items().stream()
                .map(item -> {
                    List<Answer> found =
                            item.records().stream().map(this::answer).toList();
                    return new Judged(item, state(found), found);
                })
                .toList();
    }

    private Answer answer(String query) {
        Answer answer = answers.get(query);
        if (answer == null) {
            throw new IllegalArgumentException("query '" + query + "' was not asked");
        }
        return answer;
    }

    private static Answer.State state(List<Answer> answers) {
        if (answers.stream().allMatch(answer -> answer.state() == Answer.State.ANSWERED)) {
            return Answer.State.ANSWERED;
        }
        return answers.stream().allMatch(answer -> answer.state() == Answer.State.MISSING)
                ? Answer.State.MISSING
                : Answer.State.PARTLY;
    }

    /** How many items are in each state. */
    public Map<Answer.State, Long> counts() {
        var counts = new LinkedHashMap<Answer.State, Long>();
        for (Answer.State state : Answer.State.values()) {
            counts.put(state, 0L);
        }
        items().forEach(judged -> counts.merge(judged.state(), 1L, Long::sum));
        return counts;
    }

    /** The role with the people who have it in the project: {@code ml-engineer (mia)}. */
    public String owing(org.millwright.identity.Role role) {
        List<String> names = people.getOrDefault(role.text(), List.of());
        return names.isEmpty() ? role.text() : role.text() + " (" + String.join(", ", names) + ")";
    }

    public ObjectNode json() {
        ObjectNode json = Json.object().put("subject", ref).put("project", project);
        json.putObject("framework")
                .put("id", map.framework())
                .put("title", map.title())
                .put("version", map.version())
                .put("date", map.date())
                .put("source", map.source())
                .put("note", map.note())
                .put("sha256", map.digest());
        ObjectNode counts = json.putObject("counts");
        counts().forEach((state, count) -> counts.put(state.text(), count));
        var items = json.putArray("items");
        items().forEach(judged -> items.add(json(judged)));
        return json;
    }

    private ObjectNode json(Judged judged) {
        ObjectNode json = Json.object()
                .put("id", judged.item().id())
                .put("title", judged.item().title())
                .put("state", judged.state().text())
                .put("owes", judged.item().owes().text());
        var records = json.putArray("records");
        judged.answers()
                .forEach(answer -> records.addObject()
                        .put("query", answer.query())
                        .put("title", answer.title())
                        .put("state", answer.state().text())
                        .put("said", answer.said())
                        .put("file", answer.file())
                        .put("sha256", answer.digest()));
        json.set("lacking", Card.lacking(judged.lacking()));
        json.put(
                "lackingText",
                judged.lacking().stream()
                        .map(gap -> gap.what() + ": " + owing(gap.owes()))
                        .collect(Collectors.joining("; ")));
        return json;
    }
}
