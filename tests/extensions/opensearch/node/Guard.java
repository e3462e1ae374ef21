import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.opensearch.OpenSearchSecurityException;
import org.opensearch.action.ActionRequest;
import org.opensearch.action.support.ActionFilter;
import org.opensearch.action.support.ActionFilterChain;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.util.concurrent.ThreadContext;
import org.opensearch.core.action.ActionListener;
import org.opensearch.core.action.ActionResponse;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.plugins.ActionPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.SecureAuxTransportSettingsProvider;
import org.opensearch.plugins.SecureHttpTransportSettingsProvider;
import org.opensearch.plugins.SecureSettingsFactory;
import org.opensearch.plugins.SecureTransportSettingsProvider;
import org.opensearch.plugins.TransportExceptionHandler;
import org.opensearch.rest.BytesRestResponse;
import org.opensearch.rest.RestHandler;
import org.opensearch.tasks.Task;

/** A node that speaks TLS and asks who asks: "writer" may do everything, "reader" what the role in docs/beyond-one-machine.md allows. */
@SuppressWarnings("removal") // what they name instead is not there before 3
public final class Guard extends Plugin
    implements ActionPlugin, ActionFilter, SecureSettingsFactory, SecureHttpTransportSettingsProvider {
  private static final Set<String> CHECKS = Set.of(
      "cluster:monitor/health", "indices:monitor/stats", "indices:admin/refresh", "indices:admin/refresh[s]");
  private static final Map<String, String> PASSWORDS = Map.of("writer", "ink", "reader", "eyes");
  private ThreadContext context;

  @Override
  public UnaryOperator<RestHandler> getRestHandlerWrapper(ThreadContext given) {
    context = given;
    return handler -> (request, channel, client) -> {
      String user = user(request.header("Authorization"));
      if (user == null) {
        channel.sendResponse(new BytesRestResponse(channel, RestStatus.UNAUTHORIZED,
            new OpenSearchSecurityException("Unauthorized", RestStatus.UNAUTHORIZED)));
        return;
      }
      given.putTransient("guard.user", user);
      handler.handleRequest(request, channel, client);
    };
  }

  private static String user(String header) {
    if (header == null || !header.startsWith("Basic ")) return null;
    String[] pair = new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8).split(":", 2);
    return pair.length == 2 && pair[1].equals(PASSWORDS.get(pair[0])) ? pair[0] : null;
  }

  @Override
  public List<ActionFilter> getActionFilters() { return List.of(this); }

  @Override
  public int order() { return 0; }

  @Override
  public <Request extends ActionRequest, Response extends ActionResponse> void apply(
      Task task, String action, Request request, ActionListener<Response> listener, ActionFilterChain<Request, Response> chain) {
    boolean reads = action.startsWith("indices:data/read/") || CHECKS.contains(action);
    if ("reader".equals(context.getTransient("guard.user")) && !reads) {
      listener.onFailure(new OpenSearchSecurityException("no permissions for [" + action + "] and User [name=reader]", RestStatus.FORBIDDEN));
    } else {
      chain.proceed(task, action, request, listener);
    }
  }

  @Override
  public Optional<SecureSettingsFactory> getSecureSettingFactory(Settings settings) { return Optional.of(this); }

  @Override
  public Optional<SecureTransportSettingsProvider> getSecureTransportSettingsProvider(Settings s) { return Optional.empty(); }

  @Override
  public Optional<SecureHttpTransportSettingsProvider> getSecureHttpTransportSettingsProvider(Settings s) { return Optional.of(this); }

  @Override
  public Optional<SecureAuxTransportSettingsProvider> getSecureAuxTransportSettingsProvider(Settings s) { return Optional.empty(); }

  @Override
  public Optional<TransportExceptionHandler> buildHttpServerExceptionHandler(Settings s, HttpServerTransport t) { return Optional.empty(); }

  @Override
  public Optional<SSLEngine> buildSecureHttpServerEngine(Settings s, HttpServerTransport t) throws SSLException {
    try (var stream = Files.newInputStream(Path.of(System.getProperty("guard")))) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(stream, "guard".toCharArray());
      KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, "guard".toCharArray());
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(keys.getKeyManagers(), null, null);
      SSLEngine engine = made.createSSLEngine();
      engine.setUseClientMode(false);
      return Optional.of(engine);
    } catch (Exception e) {
      throw new SSLException(e);
    }
  }
}
