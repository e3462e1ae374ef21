import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.opensearch.Version;
import org.opensearch.analysis.common.CommonAnalysisModulePlugin;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.index.mapper.MapperExtrasModulePlugin;
import org.opensearch.index.reindex.ReindexModulePlugin;
import org.opensearch.join.ParentJoinModulePlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessModulePlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

/**
 * One node of OpenSearch with the modules that Searcher needs: LocalNode HOME NAME HTTP TRANSPORT SEEDS MANAGERS.
 * With a key (-Dguard=FILE) it is guarded.
 */
final class LocalNode extends Node {
  private static final List<Class<? extends Plugin>> MODULES = List.of(
      Netty4ModulePlugin.class, CommonAnalysisModulePlugin.class, PainlessModulePlugin.class,
      ParentJoinModulePlugin.class, ReindexModulePlugin.class, MapperExtrasModulePlugin.class);

  private static final String KEY = System.getProperty("guard");

  private static final String LOGGING = """
      status = error
      appender.c.type = Console
      appender.c.name = c
      appender.c.layout.type = PatternLayout
      appender.c.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n
      rootLogger.level = warn
      rootLogger.appenderRef.c.ref = c
      """;

  private LocalNode(Environment environment) {
    super(environment, Stream.concat(MODULES.stream(), Stream.of(Guard.class).limit(KEY == null ? 0 : 1))
        .map(LocalNode::info).toList(), true);
  }

  private static PluginInfo info(Class<? extends Plugin> module) {
    return new PluginInfo(module.getName(), "a module", "NA", Version.CURRENT,
        String.valueOf(Runtime.version().feature()), module.getName(), null, List.of(), false);
  }

  @Override
  protected void configureNodeAndClusterIdStateListener(ClusterService service) {}

  public static void main(String[] given) throws Exception {
    Path home = Path.of(given[0]);
    for (String folder : List.of("config", "data", "logs", "modules", "plugins")) {
      Files.createDirectories(home.resolve(folder));
    }
    Files.writeString(home.resolve("config/log4j2.properties"), LOGGING);
    Settings.Builder settings = Settings.builder()
        .put("path.home", home.toString()).put("path.data", home.resolve("data").toString())
        .put("path.logs", home.resolve("logs").toString()).put("cluster.name", "searcher-tests")
        .put("http.type", KEY == null ? "netty4" : "netty4-secure")
        .put("node.name", given[1]).put("network.host", "127.0.0.1")
        .put("http.port", given[2]).put("transport.port", given[3])
        .put("cluster.routing.allocation.disk.threshold_enabled", false)
        .put("indices.query.bool.max_clause_count", 8192);
    if (given[4].isEmpty()) {
      settings.put("discovery.type", "single-node");
    } else {
      settings.putList("discovery.seed_hosts", given[4].split(","));
      settings.putList("cluster.initial_cluster_manager_nodes", given[5].split(","));
    }
    Environment environment = InternalSettingsPreparer.prepareEnvironment(
        settings.build(), Map.of(), home.resolve("config"), () -> given[1]);
    LogConfigurator.registerErrorListener();
    LogConfigurator.configure(environment);
    LocalNode node = new LocalNode(environment);
    node.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        node.close();
      } catch (Exception ignored) {
        // the process ends anyway
      }
    }));
    while (System.in.read() >= 0) {
      // whoever started it is still there
    }
    System.exit(0);
  }
}
