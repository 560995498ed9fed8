// What people type, and what they mean by it: written from the data by hand, before the search was run on it. At least 95 of 100 have to be the
// first hit. `@` is a stop, `#` a street or house, `*` a place.

/** Rows of `what is typed → what is meant`, in columns. */
const table = (rows: string): [string, string][] =>
  rows.split('\n').flatMap(row => {
    const [typed, meant] = row.split('→').map(cell => cell.trim())
    return meant ? [[typed!, meant] as [string, string]] : []
  })

export const typedInHeidelberg = table(`
  Heidelberg Hbf                   → @Heidelberg, Hauptbahnhof
  Hauptbahnhof Heidelberg          → @Heidelberg, Hauptbahnhof
  HD Hbf                           → @Heidelberg, Hauptbahnhof
  HD-Hauptbahnhof                  → @Heidelberg, Hauptbahnhof
  heidelberg hauptbanhof           → @Heidelberg, Hauptbahnhof
  Heidelberg Haupt Bahnhof         → @Heidelberg, Hauptbahnhof
  Mannheim Hbf                     → @Mannheim, Hauptbahnhof
  MA Hbf                           → @Mannheim, Hauptbahnhof
  Weinheim Hbf                     → @Weinheim, Hauptbahnhof
  bismarck                         → @Heidelberg, Bismarckplatz
  Bismarckplatz                    → @Heidelberg, Bismarckplatz
  Bismarkplatz                     → @Heidelberg, Bismarckplatz
  bismarckpl                       → @Heidelberg, Bismarckplatz
  Bismarckpl.                      → @Heidelberg, Bismarckplatz
  Bismarck Platz                   → @Heidelberg, Bismarckplatz
  HD Bismarckplatz                 → @Heidelberg, Bismarckplatz
  heidelberg bismarkplaz           → @Heidelberg, Bismarckplatz
  Universitätsplatz                → @Heidelberg, Universitätsplatz
  Universitaetsplatz               → @Heidelberg, Universitätsplatz
  universitatsplatz                → @Heidelberg, Universitätsplatz
  uniplatz heidelberg              → @Heidelberg, Universitätsplatz
  Friedrich-Ebert-Platz            → @Heidelberg, Fr.-Ebert-Platz
  Fr Ebert Platz                   → @Heidelberg, Fr.-Ebert-Platz
  Ebertplatz                       → @Heidelberg, Fr.-Ebert-Platz
  Rohrbacher Grenzweg              → @Heidelberg, Rohrbacher Grenzw.
  Rohrbach Markt                   → @Rohrbach, Markt
  Rohrbach Süd                     → @Rohrbach, Süd
  rohrbach sued                    → @Rohrbach, Süd
  Rohrbach Sud                     → @Rohrbach, Süd
  Eichendorfplatz                  → @Rohrbach, Eichendorffplatz
  Hans Thoma Platz                 → @Handschuhsheim, H.-Thoma-Pl.
  Hans-Thoma-Platz Handschuhsheim  → @Handschuhsheim, H.-Thoma-Pl.
  Kapellenweg                      → @Handschuhsheim, Kapellenweg
  Heiligenbergschule               → @Handschuh., Heiligenbergschule
  Handschuhsheim Heiligenbergschule → @Handschuh., Heiligenbergschule
  Neuenheim Kussmaulstrasse        → @Neuenheim, Kußmaulstraße
  Kußmaulstr.                      → @Neuenheim, Kußmaulstraße
  Mönchhofschule                   → @Neuenheim, Mönchhofschule
  Moenchhofschule                  → @Neuenheim, Mönchhofschule
  Brückenstraße                    → @Neuenheim, Brückenstraße
  bruckenstr                       → @Neuenheim, Brückenstraße
  Brueckenstrasse                  → @Neuenheim, Brückenstraße
  Technologiepark                  → @Neuenheim, Technologiepark
  technologie park                 → @Neuenheim, Technologiepark
  Kopfklinik                       → @Neuenheim, Kopfklinik
  kopfklinnik                      → @Neuenheim, Kopfklinik
  Jugendherberge                   → @Neuenheim, Jugendherberge
  Pädagogische Hochschule          → @Neuenheim, Pädagog. Hochschule
  Bunsengymnasium                  → @Neuenheim, Bunsengymnasium
  Hölderlin Gymnasium              → @Heidelberg, Hölderlin-Gymnas.
  Bethanien Krankenhaus            → @Heidelberg, Bethanien-Krankh.
  EMBL                             → @Heidelberg, EMBL
  Molkenkur                        → @Heidelberg, Molkenkur
  Neckarmünzplatz                  → @Heidelberg, Neckarmünzplatz
  neckarmunzplatz                  → @Heidelberg, Neckarmünzplatz
  Rathaus Bergbahn                 → @Heidelberg, Rathaus/Bergbahn
  Stadtbücherei                    → @Heidelberg, Stadtbücherei
  Stadtbuecherei                   → @Heidelberg, Stadtbücherei
  stadtwerke                       → @Heidelberg, Stadtwerke
  Hans-Böckler-Straße              → @Heidelberg, Hans-Böckler-Str.
  Hans Boeckler Strasse            → @Heidelberg, Hans-Böckler-Str.
  Weststadt                        → @Heidelberg, Weststadt/Südstadt
  SRH Campus                       → @Heidelberg, SRH Campus
  Peterskirche                     → @Heidelberg, Peterskirche
  Emmertsgrund Forum               → @Emmertsgrund, Forum
  Otto-Hahn-Str.                   → @Emmertsgrund, Otto-Hahn-Straße
  Mannheim Paradeplatz             → @Mannheim, Paradeplatz
  MA Paradeplatz                   → @Mannheim, Paradeplatz
  Wasserturm                       → @Mannheim, Wasserturm
  Universitätsklinikum             → @Mannheim, Universitätsklinikum
  Abendakademie                    → @Mannheim, Abendakademie
  Platz der Freundschaft           → @Käfertal, Pl. der Freundschaft
  Kaefertal Bahnhof                → @Käfertal, Bahnhof
  Käfertal Bf                      → @Käfertal, Bahnhof
  Dossenheim Nord                  → @Dossenheim, Nord
  Leimen Kurpfalz Centrum          → @Leimen, Kurpfalz-Centrum
  Schriesheim Bf                   → @Schriesheim, Bahnhof
  Viernheim Tivoli                 → @Viernheim, Tivoli (RNZ)
  Plöck                            → #Plöck
  Ploeck                           → #Plöck
  Philosophenweg                   → #Philosophenweg
  philosofenweg                    → #Philosophenweg
  Vangerowstr                      → #Vangerowstraße
  Bergheimer Strasse               → #Bergheimer Straße
  Bergheimer Straße 58             → #Bergheimer Straße 58
  bergheimer str. 136              → #Bergheimer Straße 136
  Philosophenweg 39                → #Philosophenweg 39
  Am Paffenrain 12a                → #Am Paffenrain 12a
  Am Paffenrain 12 a               → #Am Paffenrain 12a
  Otto-Bartning-Str. 12a           → #Otto-Bartning-Straße 12a
  Plöck 55                         → #Plöck 55
  Plöck 55 Heidelberg              → #Plöck 55
  Mittermaierstr.                  → #Mittermaierstraße
  Schlierbacher Landstrasse        → #Schlierbacher Landstraße
  Czernyring                       → #Czernyring
  Czerniring                       → #Czernyring
  Kurfürstenanlage                 → #Kurfürsten-Anlage
  Zoo Heidelberg                   → *Zoo Heidelberg
  Tiergarten Heidelberg            → *Zoo Heidelberg
  Karl-Theodor-Brücke              → *Alte Brücke
  老桥                              → *Alte Brücke
  Thingstätte                      → *Thingstätte
  Thingstaette                     → *Thingstätte
  Max Planck Institute for Nuclear Physics → *Max-Planck-Institut für Kernphysik
  Max-Planck-Institut Kernphysik   → *Max-Planck-Institut für Kernphysik
  European Molecular Biology Laboratory → *Europäisches Laboratorium für Molekularbiologie
  Stift Neuburg                    → *Abtei Neuburg
  Schwalbennest                    → *Schadeck
  Burg Dilsberg                    → *Burg Dilsberg
  Kurfürst-Friedrich-Gymnasium     → *Kurfürst-Friedrich-Gymnasium
  KFG                              → *Kurfürst-Friedrich-Gymnasium
  Feuerwache                       → *Feuerwache Heidelberg
  Otto Hoog Stadion                → *Otto-Hoog-Stadion`)

export const typedInDemo = table(`
  Hbf                       → @Dortmund Hbf
  Hauptbahnhof              → @Dortmund Hbf
  hauptbanhof               → @Dortmund Hbf
  Dortmund Hauptbahnhof     → @Dortmund Hbf
  DO Hbf                    → @Dortmund Hbf
  do-hoerde bf              → @Dortmund Hörde Bahnhof
  Hörde                     → @Dortmund Hörde Bahnhof
  hoerde                    → @Dortmund Hörde Bahnhof
  Horde Bahnhof             → @Dortmund Hörde Bahnhof
  kampstr                   → @Dortmund Kampstraße
  Kampstrasse               → @Dortmund Kampstraße
  Reinoldi                  → @Dortmund Reinoldikirche
  Reinoldikriche            → @Dortmund Reinoldikirche
  Möllerbrücke              → @Dortmund Möllerbrücke
  Moellerbruecke            → @Dortmund Möllerbrücke
  molerbrucke               → @Dortmund Möllerbrücke
  Westfalenhalle            → @Dortmund Westfalenhallen
  westfalenhaln             → @Dortmund Westfalenhallen
  Westfalenpark             → @Dortmund Westfalenpark
  Uni Dortmund              → @Dortmund Universität
  Universitaet              → @Dortmund Universität
  Campus Süd                → @Dortmund Campus Süd
  Campus Sued               → @Dortmund Campus Süd
  Eichlinghofen             → @Dortmund Eichlinghofen H-Bahn
  Luetgendortmund           → @Dortmund Lütgendortmund
  Lütgen Dortmund           → @Dortmund Lütgendortmund
  Knappschaftskrankenhaus   → @Dortmund Knappschaftskrankenhaus
  Klinikzentrum Nord        → @Dortmund Immermannstraße/Klinikzentrum Nord
  Zeche Minister Stein      → @Dortmund Zeche Minister Stein
  Von der Tann Str          → @Dortmund Von-der-Tann-Straße
  Bahnhof Mengede           → @Dortmund Mengede
  Aplerbek                  → @Dortmund Aplerbeck
  Markgrafenstr.            → @Dortmund Markgrafenstraße
  Polizeipraesidium         → @Dortmund Polizeipräsidium
  Städt. Kliniken           → @Dortmund Städtische Kliniken
  Staedtische Kliniken      → @Dortmund Städtische Kliniken
  Stadion                   → @Dortmund Stadion
  Borsigplatz               → @Dortmund Borsigplatz
  Borsigpl.                 → @Dortmund Borsigplatz
  borsig platz              → @Dortmund Borsigplatz`)
