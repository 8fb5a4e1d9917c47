package org.millwright.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which other assets belong to the story that is asked for. */
final class Links {
    private static final int MOST_DATA = 40;

    private Links() {}

    /** The model that a reference names, such as {@code model:delays} of {@code model:delays/3}; "" for another asset. */
    static String model(String ref) {
        if (!ref.startsWith("model:")) {
            return "";
        }
        int slash = ref.indexOf('/');
        return slash < 0 ? ref : ref.substring(0, slash);
    }

    /** @param asked the asset whose story is told: others lead no further than it needs */
    static Set<String> of(State state, String asked) {
        var links = new LinkedHashSet<String>();
        boolean first = state.ref().equals(asked);
        switch (Tellings.kind(state.ref())) {
            case "model" -> ofModel(state, links, first);
            case "version" -> ofVersion(state, links);
            case "deployment" -> {
                for (String fact : List.of("production", "previous")) {
                    state.fact(fact)
                            .ifPresent(version ->
                                    links.add(version(state, version.value().asText())));
                }
                state.fact("candidate")
                        .ifPresent(it -> links.add(
                                version(state, it.value().path("version").asText())));
                if (first) {
                    links.add("agreement:" + state.text("model"));
                    links.add("project:" + state.text("project"));
                }
            }
            default -> {}
        }
        return links;
    }

    private static String version(State deployment, String number) {
        return "model:" + deployment.text("model") + "/" + number;
    }

    private static void ofModel(State state, Set<String> links, boolean first) {
        if (!first) {
            return;
        }
        String name = state.ref().substring("model:".length());
        links.add("deployment:" + name);
        state.facts("deployment.")
                .forEach(fact -> links.add("deployment:" + fact.name().substring("deployment.".length())));
        state.facts("alias.")
                .forEach(fact -> links.add(state.ref() + "/" + fact.value().asText()));
        state.facts("version.").stream()
                .map(fact -> fact.name().substring("version.".length()))
                .max(Comparator.comparingLong(number -> number.matches("[0-9]{1,18}") ? Long.parseLong(number) : -1))
                .ifPresent(newest -> links.add(state.ref() + "/" + newest));
        links.add("agreement:" + name);
        if (!state.text("project").isEmpty()) {
            links.add("project:" + state.text("project"));
        }
    }

    private static void ofVersion(State state, Set<String> links) {
        if (!state.text("made").isEmpty()) {
            links.add(state.text("made"));
        }
        int count = 0;
        for (JsonNode data : state.fact("data")
                .map(Fact::value)
                .map(value -> (Iterable<JsonNode>) value)
                .orElse(List.of())) {
            String ref = data.path("ref").asText();
            if (ref.startsWith("dataset:") && count++ < MOST_DATA) {
                links.add(ref);
            }
        }
    }
}
