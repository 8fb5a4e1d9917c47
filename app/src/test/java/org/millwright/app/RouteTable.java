package org.millwright.app;

import io.helidon.webserver.http.HttpRouting;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.millwright.web.Routes;
import org.millwright.web.mlflow.MlflowRoutes;

/** Every method and path of a server's adapters, told by the routes themselves when they register. */
final class RouteTable {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete", "any");
    private static final String MLFLOW = "/api/2.0/mlflow/";

    private RouteTable() {}

    static Set<String> of(List<Routes> parts) {
        var table = new TreeSet<String>();
        for (Routes part : parts) {
            part.register(recorder(table));
            if (part instanceof MlflowRoutes mlflow) {
                mlflow.table().forEach(route -> table.add(route.replaceFirst(" ", " " + MLFLOW)));
            }
        }
        // Each of these only hands on to the endpoints above.
        table.remove("ANY " + MLFLOW + "*");
        table.remove("ANY /ajax-api/2.0/mlflow/*");
        return table;
    }

    private static HttpRouting.Builder recorder(Set<String> table) {
        return (HttpRouting.Builder) Proxy.newProxyInstance(
                RouteTable.class.getClassLoader(),
                new Class<?>[] {HttpRouting.Builder.class},
                (proxy, method, arguments) -> {
                    if (!METHODS.contains(method.getName()) || !(arguments[0] instanceof String path)) {
                        throw new IllegalStateException("A route is registered by " + method
                                + ", which this table cannot read (expected: get, post, put, patch, delete or any with"
                                + " a path)");
                    }
                    table.add(method.getName().toUpperCase(Locale.ROOT) + " " + path);
                    return proxy;
                });
    }
}
