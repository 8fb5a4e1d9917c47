package org.millwright.insight;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.identity.Actor;

/** Everything on one page: what there is, how it does, what it costs and brings, and what needs attention. */
public final class Portfolio {
    private static final int MOST_ATTENTION = 3;

    private final ProjectInsights projects;
    private final Inventory inventory;
    private final Maturity maturity;

    public Portfolio(ProjectInsights projects, Inventory inventory, Maturity maturity) {
        this.projects = projects;
        this.inventory = inventory;
        this.maturity = maturity;
    }

    /**
     * What was found.
     *
     * @param stages projects by where they are, in the order of the line
     * @param health number of served models by how they do
     * @param attention at most three things, the most urgent first
     */
    public record View(
            ProjectInsights.Report report,
            Map<String, List<String>> stages,
            Map<String, Integer> health,
            List<Urgent> attention,
            Assessment maturity) {}

    /** Something that needs attention, and the model or project that it is about. */
    public record Urgent(String ref, Attention attention) {}

    public View view(Actor by, ProjectInsights.Scope scope) {
        ProjectInsights.Report report = projects.report(by, scope);
        List<Inventoried> models = inventory.list(by, scope.project());
        return new View(
                report,
                stages(report),
                health(models),
                attention(report, models),
                maturity.assess(by, scope.project(), Optional.empty()));
    }

    private static Map<String, List<String>> stages(ProjectInsights.Report report) {
        var stages = new LinkedHashMap<String, List<String>>();
        for (String stage : List.of("requested", "in work", "in production", "paused", "refused", "retired")) {
            stages.put(stage, new ArrayList<>());
        }
        report.projects()
                .forEach(row -> stages.computeIfAbsent(stage(row), stage -> new ArrayList<>())
                        .add(row.project()));
        return stages;
    }

    private static String stage(ProjectInsights.Row row) {
        return switch (row.state()) {
            case REQUESTED -> "requested";
            case PAUSED -> "paused";
            case REFUSED -> "refused";
            case RETIRED -> "retired";
            case ACTIVE -> row.journey().production().isPresent() ? "in production" : "in work";
        };
    }

    private static Map<String, Integer> health(List<Inventoried> models) {
        var health = new LinkedHashMap<String, Integer>();
        for (String word : List.of("healthy", "at risk", "stale", "breaching", Inventoried.UNKNOWN)) {
            health.put(word, 0);
        }
        models.stream().filter(Inventoried::isServed).forEach(model -> health.merge(model.health(), 1, Integer::sum));
        return health;
    }

    private static List<Urgent> attention(ProjectInsights.Report report, List<Inventoried> models) {
        var all = new ArrayList<Urgent>();
        models.forEach(model ->
                model.attention().stream().findFirst().ifPresent(first -> all.add(new Urgent(model.ref(), first))));
        for (ProjectInsights.Row row : report.projects()) {
            row.decisions().stream()
                    .filter(Waiting::isOpen)
                    .max(Comparator.comparingLong(
                            waiting -> waiting.took(report.period().to())))
                    .ifPresent(waiting -> all.add(new Urgent(
                            "project:" + row.project(),
                            new Attention(
                                    65,
                                    waiting.what() + " waits for " + waiting.waitsFor(),
                                    "mw inbox",
                                    "/projects/" + row.project() + "#decisions"))));
        }
        return all.stream()
                .sorted(Comparator.<Urgent>comparingInt(each -> each.attention().weight())
                        .reversed()
                        .thenComparing(Urgent::ref))
                .limit(MOST_ATTENTION)
                .toList();
    }
}
