package org.millwright.web.ui;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.millwright.approval.Inbox;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
import org.millwright.insight.Insights;
import org.millwright.insight.ProjectStory;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.RecentRuns;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** The first page, which shows what the roles of the one who looks are for; and every project with its state. */
public final class HomePages implements Routes {
    private final Ui ui;
    private final Desks desks;
    private final Insights insights;
    private final RecentRuns runs;
    private final Inbox inbox;
    private final Users users;
    private final Clock clock;

    public HomePages(Ui ui, Desks desks, Insights insights, RecentRuns runs, Inbox inbox, Users users, Clock clock) {
        this.ui = ui;
        this.desks = desks;
        this.insights = insights;
        this.runs = runs;
        this.inbox = inbox;
        this.users = users;
        this.clock = clock;
    }

    /** A way to another desk of the same person. */
    public record Tab(String href, String text, boolean current) {}

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/", this::home);
        routing.get("/projects", this::projects);
        routing.get("/help", this::help);
    }

    private void home(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        EnumSet<Desk> own = Desk.of(actor.roles(), users.access().roles(actor));
        boolean chooses = actor.roles().contains(Role.LOCAL_OWNER);
        EnumSet<Desk> shown = Http.query(request, "desk")
                .map(id -> EnumSet.of(find(own, id)))
                .orElse(chooses ? EnumSet.of(Desk.PROJECTS) : own);
        if (shown.equals(EnumSet.of(Desk.PROJECTS))) {
            projects(request, response, own.size() > 1 ? tabs(own, shown, chooses) : List.of());
            return;
        }
        var model = new HashMap<String, Object>();
        model.put("home", desks.home(actor, shown, "http://" + host(request), clock.millis()));
        model.put("server", "http://" + host(request));
        model.put("tabs", own.size() > 1 ? tabs(own, shown, chooses) : List.of());
        model.put("people", new Names(users));
        model.put("now", clock.millis());
        String title = shown.iterator().next().title();
        ui.page(request, response, "home/home.jte", title, "", model);
    }

    private static Desk find(EnumSet<Desk> own, String id) {
        return own.stream()
                .filter(desk -> desk.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Problem.NotFound(
                        "Your roles have no desk '" + (id.length() > 40 ? id.substring(0, 40) : id) + "'",
                        "They have: " + own.stream().map(Desk::id).collect(Collectors.joining(", "))));
    }

    /** Who sees one desk at a time chooses; who sees all of theirs jumps. */
    private static List<Tab> tabs(EnumSet<Desk> own, EnumSet<Desk> shown, boolean chooses) {
        return own.stream()
                .map(desk -> new Tab(
                        chooses || shown.size() == 1 ? "/?desk=" + desk.id() : "#" + desk.id(),
                        desk.title(),
                        shown.size() == 1 && shown.contains(desk)))
                .toList();
    }

    private void projects(ServerRequest request, ServerResponse response) {
        projects(request, response, List.of());
    }

    private void projects(ServerRequest request, ServerResponse response, List<Tab> tabs) {
        Actor actor = Http.actor(request);
        List<ProjectStory> stories = insights.stories(actor);
        List<Inbox.Item> waiting = inbox.of(actor);
        List<PipelineRun> working = runs.working(actor);
        var model = new HashMap<String, Object>();
        model.put("stories", stories);
        model.put("inbox", waiting);
        model.put("working", working);
        model.put("owners", new Names(users));
        model.put("lead", lead(stories, waiting, working));
        model.put("tabs", tabs);
        model.put("stranger", users.access().roles(actor).isEmpty() ? actor.name() : "");
        model.put("now", clock.millis());
        ui.page(request, response, "home/projects.jte", "Projects", "Projects", model);
    }

    private static String lead(List<ProjectStory> stories, List<Inbox.Item> inbox, List<PipelineRun> working) {
        if (stories.isEmpty()) {
            return "";
        }
        var text = new StringBuilder(count(stories.size(), "project"));
        text.append("; ").append(inbox.isEmpty() ? "no decision waits for you" : waits(inbox.size()));
        text.append(working.isEmpty() ? "." : "; " + count(working.size(), "run") + " at work.");
        return text.toString();
    }

    static String waits(int decisions) {
        return decisions == 1 ? "1 decision waits for you" : decisions + " decisions wait for you";
    }

    static String count(long n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }

    private static String host(ServerRequest request) {
        return request.headers().first(HeaderNames.HOST).orElse("localhost:5000");
    }

    private void help(ServerRequest request, ServerResponse response) {
        ui.page(request, response, "home/help.jte", "Help", "", Map.of("server", "http://" + host(request)));
    }
}
