package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw insight}: how projects deliver, what models need attention, everything on one page. */
@Command(
        name = "insight",
        description = "How projects deliver, what models need attention, everything on one page.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: mw insight project --since 90d", "         mw insight models -o csv"})
final class InsightCommand implements Callable<Integer> {
    private static final String[] PROJECT = {
        "project",
        "owner",
        "state",
        "lead-time=leadTime",
        "waits-for=waits",
        "deployments=figures.promotions",
        "failed=failed",
        "retrainings=figures.retrainings",
        "cost",
        "value",
        "roi"
    };
    private static final String[] MODELS = {
        "ref",
        "health",
        "stage",
        "owner",
        "tier",
        "agreement",
        "drift",
        "bias",
        "certificate",
        "reproduced",
        "vulnerabilities",
        "attention=reason",
        "next"
    };

    /** What is looked at. */
    enum What {
        PROJECT,
        MODELS,
        PORTFOLIO;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    @Mixin
    private Shared shared = new Shared();

    @Parameters(
            paramLabel = "project|models|portfolio",
            arity = "0..1",
            description = "Projects unless told otherwise.")
    private What what = What.PROJECT;

    @Option(names = "--project", description = "Of this project only.")
    private Optional<String> project = Optional.empty();

    @Option(names = "--team", paramLabel = "USER", description = "Of what this person owns or is a member of.")
    private Optional<String> team = Optional.empty();

    @Option(names = "--since", description = "From this day on, such as 2026-03-01 or 90d; all time otherwise.")
    private Optional<String> since = Optional.empty();

    @Option(names = "--parquet", paramLabel = "FILE", description = "Write the table to this Parquet file instead.")
    private Optional<Path> parquet = Optional.empty();

    @Override
    public Integer call() {
        var query = new StringBuilder("?");
        add(query, "project", project);
        add(query, "team", team);
        add(query, "since", since);
        String path = "/api/1/insights/" + what + query;
        if (parquet.isPresent()) {
            return write(path + "format=parquet", shared.around().resolve(parquet.get()));
        }
        if (shared.isCsv()) {
            shared.print(shared.client().text(path + "format=csv").strip());
            return Exit.OK;
        }
        JsonNode found = shared.client().get(path.substring(0, path.length() - 1));
        return switch (what) {
            case PROJECT -> projects(found);
            case MODELS -> shared.list(models(found.path("models")), MODELS);
            case PORTFOLIO -> portfolio(found);
        };
    }

    private static void add(StringBuilder query, String name, Optional<String> value) {
        value.ifPresent(
                text -> query.append(name).append('=').append(Client.part(text)).append('&'));
    }

    private int write(String path, Path file) {
        shared.client().download(path, file);
        shared.say("wrote " + file);
        return Exit.OK;
    }

    private int projects(JsonNode report) {
        if (shared.isDocument()) {
            return shared.show(report, "period");
        }
        shared.list(rows(report), PROJECT);
        if (shared.isTable()) {
            say(report);
        }
        return Exit.OK;
    }

    /** What all of them together say, on stderr beside the table. */
    private void say(JsonNode report) {
        JsonNode figures = report.path("figures");
        shared.say("lead time " + Told.spread(figures.path("leadTime")) + " (the field: nine months without a system,"
                + " two to twelve weeks with one); decisions " + Told.spread(figures.path("waiting")));
        JsonNode rates = report.path("rates");
        if (!rates.path("declared").asBoolean()) {
            shared.say("cost at assumed rates: " + rates.path("stepHour").asText() + " "
                    + rates.path("currency").asText() + " an hour of a step, "
                    + rates.path("servingHour").asText() + " an hour of serving, "
                    + rates.path("millionPredictions").asText() + " a million predictions");
        }
    }

    private static ArrayNode rows(JsonNode report) {
        ArrayNode rows = Json.array();
        String currency = report.path("rates").path("currency").asText();
        for (JsonNode row : report.path("projects")) {
            ObjectNode flat = row.deepCopy();
            JsonNode journey = row.path("journey");
            flat.put("state", row.path("state").asText().toLowerCase(java.util.Locale.ROOT));
            flat.put(
                    "leadTime",
                    journey.has("total") ? Told.days(journey.path("total").asLong()) : "");
            JsonNode waits = journey.path("waits");
            flat.put(
                    "waits",
                    waits.isObject()
                            ? waits.path("waitsFor").asText() + ", "
                                    + Told.days(waits.path("took").asLong())
                            : "");
            JsonNode figures = row.path("figures");
            flat.put(
                    "failed",
                    figures.path("failedReleases").asInt() + " of "
                            + figures.path("releases").asInt());
            JsonNode money = row.path("money");
            flat.put("cost", Told.money(money.path("cost"), currency));
            flat.put("value", money.has("value") ? Told.money(money.path("value"), currency) : "not declared");
            flat.put("roi", money.has("roi") ? Told.percent(money.path("roi").asDouble()) : "");
            rows.add(flat);
        }
        return rows;
    }

    private static ArrayNode models(JsonNode models) {
        ArrayNode rows = Json.array();
        for (JsonNode model : models) {
            ObjectNode flat = model.deepCopy();
            JsonNode first = model.path("attention").path(0);
            flat.put("reason", first.path("reason").asText())
                    .put("next", first.path("command").asText());
            rows.add(flat);
        }
        return rows;
    }

    private int portfolio(JsonNode view) {
        if (shared.isDocument()) {
            return shared.show(view, "stages");
        }
        if (!shared.isTable()) {
            return shared.list(rows(view.path("report")), PROJECT);
        }
        view.path("stages").properties().forEach(stage -> {
            if (!stage.getValue().isEmpty()) {
                shared.print(stage.getKey() + ": " + Told.words(stage.getValue()));
            }
        });
        view.path("health").properties().forEach(health -> {
            if (health.getValue().asInt() > 0) {
                shared.print(
                        "models " + health.getKey() + ": " + health.getValue().asInt());
            }
        });
        for (JsonNode urgent : view.path("attention")) {
            JsonNode attention = urgent.path("attention");
            shared.print("attention: " + urgent.path("ref").asText() + " "
                    + attention.path("reason").asText() + " → "
                    + attention.path("command").asText());
        }
        JsonNode maturity = view.path("maturity");
        shared.print("maturity: level " + maturity.path("level").asInt() + " of 4, "
                + maturity.path("levelName").asText());
        maturity.path("focus").forEach(focus -> shared.print(Told.focus(focus)));
        say(view.path("report"));
        return Exit.OK;
    }
}
