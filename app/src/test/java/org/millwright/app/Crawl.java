package org.millwright.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Follows every link of the pages from the first one on, a few of each kind, and tells those that lead nowhere. */
final class Crawl {
    private static final Pattern LINK = Pattern.compile("(?:href|hx-get|src)=\"([^\"#]+)(?:#[^\"]*)?\"");
    private static final int OF_A_KIND = 3;

    private final HttpClient http =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    private final String server;
    private final Map<String, String> headers;
    private final ArrayDeque<String> open = new ArrayDeque<>(List.of("/"));
    private final Map<String, String> from = new HashMap<>();
    private final Map<String, Integer> kinds = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private final List<String> faults = new ArrayList<>();

    /** @param headers that say who looks */
    Crawl(String server, Map<String, String> headers) {
        this.server = server;
        this.headers = headers;
    }

    /** Each link that was answered with an error, and the page that has it. */
    List<String> faults() {
        while (!open.isEmpty()) {
            String path = open.removeFirst();
            if (seen.add(path) && kinds.merge(kind(path), 1, Integer::sum) <= OF_A_KIND) {
                visit(path);
            }
        }
        return faults;
    }

    /** How many pages were asked for. */
    int visited() {
        return kinds.values().stream()
                .mapToInt(count -> Math.min(count, OF_A_KIND))
                .sum();
    }

    /** An address without the ids and numbers in it, and without the values of its query. */
    private static String kind(String path) {
        return path.replaceAll("=[^&]*", "=").replaceAll("[0-9a-f]{12,}", "ID").replaceAll("\\d+", "N");
    }

    private void visit(String path) {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() >= 400) {
            faults.add(answer.statusCode() + " " + path + " from " + from.get(path));
        } else if (answer.headers().firstValue("content-type").orElse("").startsWith("text/html")) {
            Matcher link = LINK.matcher(answer.body());
            while (link.find()) {
                String target = link.group(1).replace("&amp;", "&");
                if (!target.matches("[a-z]+:.*")) {
                    URI uri = answer.uri()
                            .resolve(target.startsWith("?") ? answer.uri().getRawPath() + target : target);
                    String next = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
                    from.putIfAbsent(next, path);
                    open.add(next);
                }
            }
        }
    }

    private HttpResponse<String> get(String path) {
        var request = HttpRequest.newBuilder(URI.create(server + path)).header("Accept", "text/html,*/*");
        headers.forEach(request::header);
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(path, e);
        }
    }
}
