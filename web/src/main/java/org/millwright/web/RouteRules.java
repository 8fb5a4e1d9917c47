package org.millwright.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.millwright.identity.Permission;

/**
 * What each route asks of its caller, from {@code routes.txt}: who may use it nowhere is refused before anything of the request
 * is read. Whether somebody may do it with this very thing is the room's to say.
 */
public final class RouteRules {
    private final Map<String, Rule> rules = new TreeMap<>();
    private final Node root = new Node();

    /**
     * What one route asks.
     *
     * @param open whether nobody need say who they are
     * @param any permissions of which one is needed; none: everyone who is known may
     * @param reads whether it changes nothing of the factory's, whatever its method is
     * @param inRoom whether only the room can tell: by hiding what a caller may not read, or as it concerns the caller's own
     */
    public record Rule(boolean open, Set<Permission> any, boolean reads, boolean inRoom) {
        public Rule {
            any = Set.copyOf(any);
        }
    }

    /** One part of a path; the rules of paths that end here, by method. */
    private static final class Node {
        private final Map<String, Node> parts = new HashMap<>();
        private final Map<String, Rule> byMethod = new HashMap<>();
        private @Nullable Node any;
    }

    private RouteRules() {}

    /** The rules of this build's routes. */
    public static RouteRules read() {
        var rules = new RouteRules();
        try (InputStream in = RouteRules.class.getResourceAsStream("routes.txt")) {
            if (in == null) {
                throw new IllegalStateException("routes.txt is not part of this build");
            }
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(rules::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rules;
    }

    private void add(String line) {
        String[] sides = line.split("=", 2);
        String[] route = sides[0].strip().split(" +");
        List<String> words = Arrays.asList(sides[1].strip().split(" +"));
        boolean everyone = words.getFirst().equals("open") || words.getFirst().equals("anyone");
        Set<Permission> any = everyone
                ? Set.of()
                : Arrays.stream(words.getFirst().split("\\|"))
                        .map(Permission::of)
                        .collect(Collectors.toSet());
        var rule = new Rule(
                words.getFirst().equals("open"),
                any,
                words.contains("reads"),
                words.contains("hides") || words.contains("own"));
        rules.put(route[0] + " " + route[1], rule);
        Node at = root;
        for (String part : route[1].split("/")) {
            if (part.startsWith("{")) {
                at.any = at.any == null ? new Node() : at.any;
                at = at.any;
            } else {
                at = at.parts.computeIfAbsent(part, key -> new Node());
            }
        }
        at.byMethod.put(route[0], rule);
    }

    /** Every rule by {@code METHOD PATH}. */
    public Map<String, Rule> all() {
        return Collections.unmodifiableMap(rules);
    }

    /** The rule of a request; empty where no route matches, or one without a rule. */
    Optional<Rule> of(String method, String path) {
        Node at = root;
        for (String part : path.split("/")) {
            Node next = at.parts.get(part);
            if (next == null) {
                next = at.any;
            }
            if (next == null) {
                return Optional.empty();
            }
            at = next;
        }
        return Optional.ofNullable(at.byMethod.get(method));
    }
}
