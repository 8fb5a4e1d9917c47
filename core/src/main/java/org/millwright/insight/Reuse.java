package org.millwright.insight;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What more than one project uses.
 *
 * @param shared by kind and name
 * @param avoided times that something was not made again: for each shared thing its projects less one
 */
public record Reuse(List<Shared> shared, int avoided) {
    /** SHA-256 of no bytes: an empty file is nobody's work. */
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    public Reuse {
        shared = List.copyOf(shared);
    }

    /**
     * A thing that more than one project uses.
     *
     * @param kind {@code template}, {@code dataset}, {@code features} or {@code component}
     * @param projects their names
     */
    public record Shared(String kind, String name, List<String> projects) {}

    /**
     * What a project uses.
     *
     * @param files digest of the files of its newest source by path
     */
    record Uses(String project, Set<String> templates, Set<String> datasets, Map<String, String> files) {}

    static Reuse of(List<Uses> all) {
        Map<String, Map<String, Set<String>>> users = new TreeMap<>();
        Map<String, String> names = new TreeMap<>();
        for (Uses uses : all) {
            uses.templates().forEach(name -> note(users, "template", name, uses.project()));
            uses.datasets().forEach(name -> note(users, "dataset", name, uses.project()));
            uses.files().forEach((path, digest) -> {
                String kind = path.endsWith(".sql") ? "features" : path.endsWith(".py") ? "component" : "";
                if (!kind.isEmpty() && !digest.equals(EMPTY)) {
                    names.putIfAbsent(digest, path);
                    note(users, kind, digest, uses.project());
                }
            });
        }
        var shared = new ArrayList<Shared>();
        users.forEach((kind, things) -> things.forEach((name, projects) -> {
            if (projects.size() > 1) {
                shared.add(new Shared(kind, names.getOrDefault(name, name), List.copyOf(projects)));
            }
        }));
        return new Reuse(
                shared,
                shared.stream().mapToInt(each -> each.projects().size() - 1).sum());
    }

    private static void note(Map<String, Map<String, Set<String>>> users, String kind, String name, String project) {
        users.computeIfAbsent(kind, key -> new TreeMap<>())
                .computeIfAbsent(name, key -> new TreeSet<>())
                .add(project);
    }
}
