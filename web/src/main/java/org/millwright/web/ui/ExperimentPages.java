package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.kernel.Page;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Experiment;
import org.millwright.tracking.Experiments;
import org.millwright.tracking.PageToken;
import org.millwright.tracking.RunTables;
import org.millwright.tracking.SavedView;
import org.millwright.tracking.View;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Experiments: which there are, and the table of each one's runs. */
public final class ExperimentPages implements Routes {
    /** Tag with what people write about an experiment or a run. */
    static final String NOTE = "mlflow.note.content";

    private static final int LIST = 100;
    private static final int COUNTED = 200_000;
    private static final int KEYS = 300;

    private final Ui ui;
    private final Experiments experiments;
    private final RunTables tables;
    private final RunRows rows;
    private final Forms forms;
    private final Clock clock;

    public ExperimentPages(Ui ui, Experiments experiments, RunTables tables, RunRows rows, Forms forms, Clock clock) {
        this.ui = ui;
        this.experiments = experiments;
        this.tables = tables;
        this.rows = rows;
        this.forms = forms;
        this.clock = clock;
    }

    /** An experiment with what happens in it. */
    public record Row(Experiment experiment, RunTables.Activity activity) {
        public String runs() {
            return Text.counted(activity.runs(), COUNTED);
        }

        public String note() {
            return experiment.tags().getOrDefault(NOTE, "");
        }
    }

    /** A saved view, and whether the table shows it now. */
    public record Saved(SavedView view, TableState state, boolean current) {}

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/experiments", this::list);
        routing.get("/experiments/{id}", this::show);
        routing.get("/experiments/{id}/rows", this::rows);
        routing.get("/experiments/{id}/count", this::count);
        routing.post("/experiments/{id}/views", this::save);
        routing.post("/experiments/{id}/note", this::note);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        Optional<String> old = Http.query(request, "id").filter(id -> !id.isBlank());
        if (old.isPresent()) {
            Ui.redirect(response, "/experiments/" + Links.segment(old.get()));
            return;
        }
        String name = Http.query(request, "name").orElse("").strip();
        boolean deleted = Http.query(request, "view").orElse("").equals("deleted");
        int offset = Http.query(request, "offset", 0, 10_000_000);
        Page<Experiment> page =
                named(experiments, actor, name, deleted ? View.DELETED_ONLY : View.ACTIVE_ONLY, LIST, offset);
        var found = new ArrayList<Row>();
        page.items().forEach(each -> found.add(new Row(each, tables.activity(actor, each.id(), COUNTED))));
        found.sort(Comparator.comparingLong((Row row) -> -row.activity().last().orElse(0L)));
        var model = new HashMap<String, Object>();
        model.put("rows", found);
        model.put("name", name);
        model.put("deleted", deleted);
        model.put(
                "next",
                page.next()
                        .map(token -> listHref(name, deleted, PageToken.offset(token)))
                        .orElse(""));
        model.put("previous", offset > 0 ? listHref(name, deleted, Math.max(0, offset - LIST)) : "");
        model.put("server", server(request));
        model.put("now", clock.millis());
        ui.page(request, response, "experiment/list.jte", "Experiments", "Experiments", model);
    }

    /** Experiments whose name contains a text, in whatever case. */
    static Page<Experiment> named(Experiments experiments, Actor by, String name, View view, int limit, int offset) {
        return experiments.search(
                by,
                view,
                name.isEmpty() ? "" : "name ILIKE '%" + name.replace("'", "''") + "%'",
                List.of("last_update_time DESC"),
                limit,
                offset == 0 ? "" : PageToken.of(offset));
    }

    private static String listHref(String name, boolean deleted, int offset) {
        return "/experiments"
                + new Query()
                        .add("name", name)
                        .add("view", deleted ? "deleted" : "")
                        .add("offset", offset == 0 ? "" : Integer.toString(offset))
                        .text();
    }

    private void show(ServerRequest request, ServerResponse response) {
        Experiment experiment = require(request);
        show(request, response, experiment, TableState.of(request, experiment.id()), "");
    }

    private void show(
            ServerRequest request, ServerResponse response, Experiment experiment, TableState asked, String refused) {
        Actor actor = Http.actor(request);
        RunTable table = rows.table(actor, experiment, asked);
        var model = new HashMap<String, Object>();
        model.put("experiment", experiment);
        model.put("table", table);
        model.put("asked", asked);
        model.put("keys", tables.keys(actor, experiment.id(), KEYS));
        model.put("activity", tables.activity(actor, experiment.id(), 1));
        model.put("views", views(actor, table.state(), asked));
        model.put("refused", refused);
        model.put("token", forms.token(actor));
        model.put("server", server(request));
        model.put("now", clock.millis());
        ui.page(request, response, "experiment/show.jte", experiment.name(), "Experiments", model);
    }

    private List<Saved> views(Actor by, TableState shown, TableState asked) {
        return tables.views(by, asked.experiment()).stream()
                .map(view -> {
                    TableState state = TableState.of(view);
                    return new Saved(view, state, state.isLike(asked) || state.isLike(shown));
                })
                .toList();
    }

    /** Rows alone, for the script that keeps only those in sight. */
    private void rows(ServerRequest request, ServerResponse response) {
        Experiment experiment = require(request);
        RunTable table = rows.table(Http.actor(request), experiment, TableState.of(request, experiment.id()));
        if (!table.error().isEmpty()) {
            throw new Problem.Invalid(table.error());
        }
        ui.part(response, "experiment/rows.jte", Map.of("rows", table.rows(), "now", clock.millis()));
    }

    private void count(ServerRequest request, ServerResponse response) {
        Experiment experiment = require(request);
        int count = rows.count(Http.actor(request), TableState.of(request, experiment.id()));
        Http.json(response, Map.of("count", count, "text", Text.counted(count, RunTable.MOST)));
    }

    private void save(ServerRequest request, ServerResponse response) {
        Experiment experiment = require(request);
        Actor actor = Http.actor(request);
        Map<String, String> fields = forms.read(request, actor);
        TableState state = TableState.of(request, experiment.id());
        String name = fields.getOrDefault("name", "");
        if (fields.getOrDefault("do", "").equals("delete")) {
            tables.delete(actor, experiment.id(), name);
            Ui.redirect(response, state.href());
            return;
        }
        var view = new SavedView(
                experiment.id(), name, state.view(), state.filter(), state.order(), state.columns(), "", 0);
        try {
            tables.save(actor, view);
        } catch (Problem.Invalid e) {
            show(request, response, experiment, state, String.valueOf(e.getMessage()));
            return;
        }
        Ui.redirect(response, state.href());
    }

    private void note(ServerRequest request, ServerResponse response) {
        Experiment experiment = require(request);
        Actor actor = Http.actor(request);
        String text = forms.read(request, actor).getOrDefault("note", "").strip();
        if (!text.isEmpty()) {
            experiments.setTag(actor, experiment.id(), NOTE, text);
        } else if (experiment.tags().containsKey(NOTE)) {
            experiments.deleteTag(actor, experiment.id(), NOTE);
        }
        Ui.redirect(response, "/experiments/" + Links.segment(experiment.id()));
    }

    private Experiment require(ServerRequest request) {
        return experiments.get(Http.actor(request), Http.path(request, "id"));
    }

    private static String server(ServerRequest request) {
        return "http://" + Http.host(request);
    }
}
