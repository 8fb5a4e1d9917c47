package org.millwright.web.ui;

import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Role;
import org.millwright.identity.Roles;
import org.millwright.identity.User;
import org.millwright.identity.Users;
import org.millwright.kernel.Problem;
import org.millwright.project.Project;
import org.millwright.project.ProjectVersion;
import org.millwright.project.Projects;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Asking for a project: a form, and the same as a file for who would rather write it. */
public final class AskPages implements Routes {
    private static final String FILE = "file";
    private static final String STALE =
            "The server restarted since this page was opened: nothing was asked yet. What you"
                    + " typed is still here; send it again.";

    private final Ui ui;
    private final Projects projects;
    private final Users users;
    private final Forms forms;

    public AskPages(Ui ui, Projects projects, Users users, Forms forms) {
        this.ui = ui;
        this.projects = projects;
        this.users = users;
        this.forms = forms;
    }

    /** What the form offers to choose from. */
    public record Offered(List<User> people, List<String> roles, List<String> deciding) {}

    /**
     * A file as it stands in the page.
     *
     * @param faults what is wrong with it
     */
    public record Typed(String text, List<String> faults) {}

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/request", this::open);
        routing.post("/request", this::request);
    }

    private void open(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        Optional<String> project = Http.query(request, "project");
        if (project.isPresent() || Http.query(request, "as").equals(Optional.of("yaml"))) {
            String text = project.map(name -> known(actor, name)).orElse("");
            file(request, response, Status.OK_200, new Typed(text, List.of()));
            return;
        }
        form(request, response, Status.OK_200, fresh(actor));
    }

    /** The newest file of a project, to be changed. */
    private String known(Actor actor, String name) {
        users.access().require(actor, Permission.READ, name);
        return projects.proposal(name)
                .or(() -> projects.versions(name).stream().reduce((older, newer) -> newer))
                .map(ProjectVersion::text)
                .orElseThrow(() -> new Problem.NotFound("Project " + name + " has no file"));
    }

    private RequestForm fresh(Actor actor) {
        Map<String, String> known = users.find(actor.name())
                .map(user -> Map.of(
                        "owner", user.name(), "members[0].person", user.name(), "members[0].role", "data-scientist"))
                .orElse(Map.of());
        return RequestForm.of(projects.questionnaire(), known, RequestForm.ROOM);
    }

    private void request(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        users.access().requireSomewhere(actor, Permission.REQUEST_PROJECT);
        Map<String, String> sent = new HashMap<>(Forms.fields(request));
        boolean fits = forms.fits(sent, actor);
        sent.remove(Forms.TOKEN);
        if (sent.containsKey(FILE)) {
            askByFile(request, response, sent.get(FILE).replace("\r\n", "\n"), fits);
        } else {
            askByForm(request, response, sent, fits);
        }
    }

    private void askByFile(ServerRequest request, ServerResponse response, String text, boolean fits) {
        if (!fits) {
            file(request, response, Status.CONFLICT_409, new Typed(text, List.of(STALE)));
            return;
        }
        try {
            asked(response, projects.request(Http.actor(request), text));
        } catch (Problem.Invalid | Problem.Refused | Problem.Conflict | Problem.Denied e) {
            List<String> faults = Stream.concat(
                            String.valueOf(e.getMessage()).lines(),
                            Stream.of(e.next()).filter(next -> !next.isEmpty()))
                    .toList();
            file(request, response, Http.status(e), new Typed(text, faults));
        }
    }

    private void askByForm(ServerRequest request, ServerResponse response, Map<String, String> sent, boolean fits) {
        String wanted = sent.getOrDefault("do", "ask");
        int room = wanted.equals("rows") ? RequestForm.ROOM + 4 : RequestForm.ROOM;
        RequestForm form = RequestForm.of(projects.questionnaire(), sent, room);
        if (wanted.equals("yaml")) {
            file(request, response, Status.OK_200, new Typed(RequestFile.of(form), List.of()));
        } else if (wanted.equals("rows")) {
            form(request, response, Status.OK_200, form);
        } else if (!fits) {
            form(request, response, Status.CONFLICT_409, form.told(STALE));
        } else {
            try {
                asked(response, projects.request(Http.actor(request), RequestFile.of(form)));
            } catch (Problem.Invalid | Problem.Refused | Problem.Conflict | Problem.Denied e) {
                RequestForm refused = form.refused(e, name -> users.find(name).isPresent());
                form(request, response, Http.status(e), refused);
            }
        }
    }

    private static void asked(ServerResponse response, Project project) {
        Ui.redirect(response, "/projects/" + Links.segment(project.name()) + "/request");
    }

    private void form(ServerRequest request, ServerResponse response, Status status, RequestForm form) {
        Actor actor = Http.actor(request);
        var model = new HashMap<String, Object>();
        model.put("form", form);
        model.put("offered", offered(actor));
        model.put("may", may(actor));
        model.put("token", forms.token(actor));
        ui.page(request, response, status, "project/ask.jte", title(status), "Projects", model);
    }

    private void file(ServerRequest request, ServerResponse response, Status status, Typed typed) {
        Actor actor = Http.actor(request);
        var model = new HashMap<String, Object>();
        model.put("typed", typed);
        model.put("questionnaire", projects.questionnaire());
        model.put("may", may(actor));
        model.put("token", forms.token(actor));
        ui.page(request, response, status, "project/file.jte", title(status), "Projects", model);
    }

    /** Readers of a title alone are told that something went wrong. */
    private static String title(Status status) {
        return status.equals(Status.OK_200) ? "Ask for a project" : "Not asked yet: ask for a project";
    }

    private boolean may(Actor actor) {
        return users.access().allows(actor, Permission.REQUEST_PROJECT, Optional.empty())
                || !users.access().projects(actor, Permission.REQUEST_PROJECT).isEmpty();
    }

    private Offered offered(Actor actor) {
        List<Role> roles = Stream.concat(
                        Role.BUILT_IN.stream()
                                .filter(role -> !role.equals(Role.ADMIN) && !role.equals(Role.LOCAL_OWNER)),
                        users.roles().custom().stream().map(Roles.Custom::role))
                .toList();
        return new Offered(
                may(actor) ? users.list() : List.of(),
                roles.stream().map(Role::text).toList(),
                roles.stream()
                        .filter(role -> role.allows(Permission.APPROVE) || role.allows(Permission.VALIDATE))
                        .map(Role::text)
                        .toList());
    }
}
