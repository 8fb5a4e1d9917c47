package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.millwright.approval.Inbox;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.insight.Insights;
import org.millwright.insight.ProjectStory;
import org.millwright.pipeline.PipelineRun;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** The first page: every project with its state, and what needs somebody. */
public final class HomePages implements Routes {
    private final Ui ui;
    private final Insights insights;
    private final Inbox inbox;
    private final Users users;
    private final Clock clock;

    public HomePages(Ui ui, Insights insights, Inbox inbox, Users users, Clock clock) {
        this.ui = ui;
        this.insights = insights;
        this.inbox = inbox;
        this.users = users;
        this.clock = clock;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/", this::home);
        routing.get("/help", this::help);
    }

    private void home(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        users.access().require(actor, Permission.READ);
        List<ProjectStory> stories = insights.stories();
        List<Inbox.Item> waiting = inbox.of(actor);
        List<PipelineRun> working = insights.working();
        ui.page(
                request,
                response,
                "home/home.jte",
                "Projects",
                "Projects",
                Map.of(
                        "stories",
                        stories,
                        "inbox",
                        waiting,
                        "working",
                        working,
                        "owners",
                        new Names(users),
                        "lead",
                        lead(stories, waiting, working),
                        "now",
                        clock.millis()));
    }

    private static String lead(List<ProjectStory> stories, List<Inbox.Item> inbox, List<PipelineRun> working) {
        if (stories.isEmpty()) {
            return "";
        }
        var text = new StringBuilder(count(stories.size(), "project"));
        text.append(inbox.isEmpty() ? "; no decision waits for you" : "; " + waits(inbox.size()));
        text.append(working.isEmpty() ? "." : "; " + count(working.size(), "run") + " at work.");
        return text.toString();
    }

    private static String waits(int decisions) {
        return decisions == 1 ? "1 decision waits for you" : decisions + " decisions wait for you";
    }

    static String count(int n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }

    private void help(ServerRequest request, ServerResponse response) {
        String host = request.headers().first(io.helidon.http.HeaderNames.HOST).orElse("localhost:5000");
        ui.page(request, response, "home/help.jte", "Help", "", Map.of("server", "http://" + host));
    }
}
